BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE DATA { <plan/320600-202009/target/9a8b7c6d> du:belongsTo <plan/320600-202009/issue/1> } ;
INSERT DATA { <plan/320600-202009/target/9a8b7c6d> du:belongsTo <plan/320600-202009> }
