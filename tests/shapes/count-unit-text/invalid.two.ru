# expect: violation|plan/320600-202009/count/Issue-2|du:unitText|count-unit-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/count/Issue-2> du:unitText ?old }
INSERT { <plan/320600-202009/count/Issue-2> du:unitText "个", "项" }
WHERE { OPTIONAL { <plan/320600-202009/count/Issue-2> du:unitText ?old } }
