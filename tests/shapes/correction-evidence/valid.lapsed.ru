BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE { <correction/0a1b2c3d4e5f> du:evidence ?piece ; du:outcome ?outcome }
INSERT { <correction/0a1b2c3d4e5f> du:outcome duc:outcome-lapsed }
WHERE { <correction/0a1b2c3d4e5f> du:evidence ?piece ; du:outcome ?outcome }
