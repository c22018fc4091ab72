# expect: violation|organization/320600-1a2b3c4d|rdfs:label|organization-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <organization/320600-1a2b3c4d> rdfs:label ?value }
