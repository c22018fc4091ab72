# expect: violation|region/320600|rdfs:label|region-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <region/320600> rdfs:label ?value }
