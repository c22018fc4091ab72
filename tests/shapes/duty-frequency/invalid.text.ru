# expect: violation|plan/320600-202009/duty/0a1b2c3d|du:frequency|duty-frequency
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/duty/0a1b2c3d> du:frequency ?old }
INSERT { <plan/320600-202009/duty/0a1b2c3d> du:frequency "每月" }
WHERE { OPTIONAL { <plan/320600-202009/duty/0a1b2c3d> du:frequency ?old } }
