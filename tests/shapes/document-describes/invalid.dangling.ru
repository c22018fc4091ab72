# expect: violation|document/00112233445566aa|du:describes|document-describes
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> du:describes ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> du:describes <plan/320600-199901> . ?assertion rdf:object <plan/320600-199901> }
WHERE { <document/00112233445566aa> du:describes ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate du:describes ; rdf:object ?old }
