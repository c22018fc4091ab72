# expect: violation|plan/320600-202009/principle/1|du:rule|element-rule
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/principle/1> du:rule ?value }
