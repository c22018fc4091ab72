# expect: violation|plan/320600-202009/target/9a8b7c6d|du:indicator|quantity-indicator
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:indicator ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:indicator "污水集中收集率" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:indicator ?old } }
