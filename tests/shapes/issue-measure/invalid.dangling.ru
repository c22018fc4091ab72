# expect: violation|plan/320600-202009/issue/1|du:measure|issue-measure
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/issue/1> du:measure ?old }
INSERT { <plan/320600-202009/issue/1> du:measure <plan/320600-202009/issue/1/measure/1>, <plan/320600-202009/issue/1/measure/9> }
WHERE { OPTIONAL { <plan/320600-202009/issue/1> du:measure ?old } }
