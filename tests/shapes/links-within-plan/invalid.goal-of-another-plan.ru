# expect: violation|plan/320600-202009|du:goal|links-within-plan
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>

DELETE DATA { <plan/320600-202009/issue/1/goal> du:inPlan <plan/320600-202009> } ;
INSERT DATA { <plan/other> a du:Plan . <plan/320600-202009/issue/1/goal> du:inPlan <plan/other> }
