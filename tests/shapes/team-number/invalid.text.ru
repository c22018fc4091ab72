# expect: violation|supervision/320600-202009/team|du:teamNumber|team-number
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <supervision/320600-202009/team> du:teamNumber ?old }
INSERT { <supervision/320600-202009/team> du:teamNumber "第三" }
WHERE { OPTIONAL { <supervision/320600-202009/team> du:teamNumber ?old } }
