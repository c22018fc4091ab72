# expect: violation|document/00112233445566aa|-|subject-covered
# expect: violation|plan/320600-202009/principle/1|du:evidence|evidence-present
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/principle/1> du:evidence ?evidence }
