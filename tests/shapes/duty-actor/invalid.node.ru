# expect: violation|plan/320600-202009/duty/0a1b2c3d|du:actor|duty-actor
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/duty/0a1b2c3d> du:actor ?old }
INSERT { <plan/320600-202009/duty/0a1b2c3d> du:actor <organization/320600-1a2b3c4d> }
WHERE { OPTIONAL { <plan/320600-202009/duty/0a1b2c3d> du:actor ?old } }
