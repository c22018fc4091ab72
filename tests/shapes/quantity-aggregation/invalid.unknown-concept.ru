# expect: violation|plan/320600-202009/target/9a8b7c6d|du:aggregation|quantity-aggregation
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:aggregation ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:aggregation duc:aggregation-average }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:aggregation ?old } }
