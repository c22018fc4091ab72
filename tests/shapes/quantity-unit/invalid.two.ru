# expect: violation|plan/320600-202009/target/9a8b7c6d|du:unit|quantity-unit
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:unit ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:unit <http://qudt.org/vocab/unit/PERCENT>, <http://qudt.org/vocab/unit/KiloM> }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:unit ?old } }
