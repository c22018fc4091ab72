# expect: violation|plan/320600-202009/count/Issue-2|du:valueText|count-value-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/count/Issue-2> du:valueText ?value }
