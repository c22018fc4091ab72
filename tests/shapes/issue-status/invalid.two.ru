# expect: violation|plan/320600-202009/issue/1|du:status|issue-status
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE { <plan/320600-202009/issue/1> du:status ?old }
INSERT { <plan/320600-202009/issue/1> du:status duc:status-completed, duc:status-in-progress }
WHERE { OPTIONAL { <plan/320600-202009/issue/1> du:status ?old } }
