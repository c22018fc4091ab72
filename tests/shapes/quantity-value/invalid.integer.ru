# expect: violation|plan/320600-202009/target/9a8b7c6d|du:value|quantity-value
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:value ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:value 85 }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:value ?old } }
