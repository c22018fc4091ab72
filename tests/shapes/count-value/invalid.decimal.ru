# expect: violation|plan/320600-202009/count/Issue-2|du:value|count-value
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/count/Issue-2> du:value ?old }
INSERT { <plan/320600-202009/count/Issue-2> du:value 2.0 }
WHERE { OPTIONAL { <plan/320600-202009/count/Issue-2> du:value ?old } }
