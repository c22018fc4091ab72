# expect: violation|plan/320600-202009/issue/1|du:goal|issue-goal
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/issue/1> du:goal ?old }
INSERT { <plan/320600-202009/issue/1> du:goal <plan/320600-202009/issue/1/goal>, <plan/320600-202009/principle/1> }
WHERE { OPTIONAL { <plan/320600-202009/issue/1> du:goal ?old } }
