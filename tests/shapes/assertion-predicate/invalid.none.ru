# expect: violation|document/00112233445566aa/assertion/a00000000030|rdf:predicate|assertion-predicate
BASE <https://w3id.org/ducha/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE WHERE { <document/00112233445566aa/assertion/a00000000030> rdf:predicate ?value }
