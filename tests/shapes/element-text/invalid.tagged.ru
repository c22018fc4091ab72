# expect: violation|plan/320600-202009/principle/1|du:text|element-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/principle/1> du:text ?old }
INSERT { <plan/320600-202009/principle/1> du:text "坚持立行立改。"@zh }
WHERE { OPTIONAL { <plan/320600-202009/principle/1> du:text ?old } }
