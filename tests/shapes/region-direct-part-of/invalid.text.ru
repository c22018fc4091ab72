# expect: violation|region/320600|du:directPartOf|region-direct-part-of
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <region/320600> du:directPartOf ?old }
INSERT { <region/320600> du:directPartOf "江苏省" }
WHERE { OPTIONAL { <region/320600> du:directPartOf ?old } }
