# expect: violation|plan/320600-202009/target/9a8b7c6d|du:indicatorText|quantity-indicator-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/target/9a8b7c6d> du:indicatorText ?value }
