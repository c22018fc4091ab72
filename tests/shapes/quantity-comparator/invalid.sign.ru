# expect: violation|plan/320600-202009/target/9a8b7c6d|du:comparator|quantity-comparator
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:comparator ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:comparator ">=" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:comparator ?old } }
