# expect: violation|plan/320600-202009/principle/1|du:basis|element-basis
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/principle/1> du:basis ?value }
