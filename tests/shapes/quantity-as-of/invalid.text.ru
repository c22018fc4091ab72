# expect: violation|plan/320600-202009/baseline/5e6f7a8b|du:asOf|quantity-as-of
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/baseline/5e6f7a8b> du:asOf ?old }
INSERT { <plan/320600-202009/baseline/5e6f7a8b> du:asOf "2020年8月" }
WHERE { OPTIONAL { <plan/320600-202009/baseline/5e6f7a8b> du:asOf ?old } }
