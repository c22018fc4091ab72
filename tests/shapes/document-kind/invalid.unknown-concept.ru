# expect: violation|document/00112233445566aa|du:documentKind|document-kind
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> du:documentKind ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> du:documentKind duc:document-poem . ?assertion rdf:object duc:document-poem }
WHERE { <document/00112233445566aa> du:documentKind ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate du:documentKind ; rdf:object ?old }
