# expect: violation|plan/320600-202009/target/9a8b7c6d|du:unitText|quantity-unit-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:unitText ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:unitText "%", "个" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:unitText ?old } }
