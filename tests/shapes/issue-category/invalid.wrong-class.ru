# expect: violation|plan/320600-202009/issue/1|du:category|issue-category
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/issue/1> du:category ?old }
INSERT { <plan/320600-202009/issue/1> du:category <plan/320600-202009/principle/1> }
WHERE { OPTIONAL { <plan/320600-202009/issue/1> du:category ?old } }
