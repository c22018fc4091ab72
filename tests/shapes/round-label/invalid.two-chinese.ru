# expect: violation|round/320000-2|rdfs:label|round-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE { <round/320000-2> rdfs:label ?old }
INSERT { <round/320000-2> rdfs:label "江苏省第二轮"@zh, "江苏二轮"@zh }
WHERE { OPTIONAL { <round/320000-2> rdfs:label ?old } }
