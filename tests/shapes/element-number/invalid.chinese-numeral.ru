# expect: violation|plan/320600-202009/principle/1|du:number|element-number
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/principle/1> du:number ?old }
INSERT { <plan/320600-202009/principle/1> du:number "一" }
WHERE { OPTIONAL { <plan/320600-202009/principle/1> du:number ?old } }
