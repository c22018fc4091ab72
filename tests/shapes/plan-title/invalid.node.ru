# expect: violation|plan/320600-202009|dcterms:title|plan-title
BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009> dcterms:title ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009> dcterms:title <https://example.org/plan> . ?assertion rdf:object <https://example.org/plan> }
WHERE { <plan/320600-202009> dcterms:title ?old . ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate dcterms:title ; rdf:object ?old }
