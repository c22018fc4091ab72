# expect: violation|document/00112233445566aa|du:completeness|document-completeness
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> du:completeness ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> du:completeness duc:status-completed . ?assertion rdf:object duc:status-completed }
WHERE { <document/00112233445566aa> du:completeness ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate du:completeness ; rdf:object ?old }
