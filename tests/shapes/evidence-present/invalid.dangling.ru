# expect: violation|plan/320600-202009/principle/1|du:evidence|evidence-present
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/principle/1> du:evidence ?evidence } INSERT { <plan/320600-202009/principle/1> du:evidence <document/00112233445566aa#char=1,2> }
WHERE { <plan/320600-202009/principle/1> du:evidence ?evidence }
