# expect: violation|plan/320600-202009/target/9a8b7c6d|du:due|commitment-due
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:due ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:due "2021"^^xsd:gYear }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:due ?old } }
