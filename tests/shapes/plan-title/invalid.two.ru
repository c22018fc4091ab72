BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009> dcterms:title ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009> dcterms:title "甲方案", "乙方案" . ?assertion rdf:object "甲方案", "乙方案" }
WHERE { <plan/320600-202009> dcterms:title ?old . ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate dcterms:title ; rdf:object ?old }
