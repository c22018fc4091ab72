# expect: violation|organization/320600-1a2b3c4d/post/4d5e6f70|rdfs:label|post-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <organization/320600-1a2b3c4d/post/4d5e6f70> rdfs:label ?value }
