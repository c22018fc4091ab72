# expect: violation|round/320000-2|du:level|round-level
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <round/320000-2> du:level ?value }
