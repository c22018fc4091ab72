# expect: violation|region/320600|du:adcode|region-adcode
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <region/320600> du:adcode ?old }
INSERT { <region/320600> du:adcode 320600 }
WHERE { OPTIONAL { <region/320600> du:adcode ?old } }
