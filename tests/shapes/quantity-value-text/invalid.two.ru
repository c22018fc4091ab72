# expect: violation|plan/320600-202009/target/9a8b7c6d|du:valueText|quantity-value-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:valueText ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:valueText "85", "8" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:valueText ?old } }
