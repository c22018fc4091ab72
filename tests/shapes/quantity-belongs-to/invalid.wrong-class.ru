# expect: violation|plan/320600-202009/target/9a8b7c6d|du:belongsTo|quantity-belongs-to
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:belongsTo ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:belongsTo <plan/320600-202009/principle/1> }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:belongsTo ?old } }
