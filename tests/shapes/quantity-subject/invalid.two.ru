# expect: violation|plan/320600-202009/target/9a8b7c6d|du:subject|quantity-subject
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:subject ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:subject "城区", "郊区" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:subject ?old } }
