# expect: violation|plan/320600-202009/target/9a8b7c6d|du:dueText|commitment-due-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/target/9a8b7c6d> du:dueText ?old }
INSERT { <plan/320600-202009/target/9a8b7c6d> du:dueText "2021年底前", "2021年" }
WHERE { OPTIONAL { <plan/320600-202009/target/9a8b7c6d> du:dueText ?old } }
