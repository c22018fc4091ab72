BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE { <plan/320600-202009/principle/1> du:basis ?old }
INSERT { <plan/320600-202009/principle/1> du:basis duc:basis-stated, duc:basis-inferred }
WHERE { OPTIONAL { <plan/320600-202009/principle/1> du:basis ?old } }
