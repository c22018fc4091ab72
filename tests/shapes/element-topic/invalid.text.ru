# expect: violation|plan/320600-202009/issue/1|du:topic|element-topic
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <plan/320600-202009/issue/1> du:topic ?old }
INSERT { <plan/320600-202009/issue/1> du:topic "水" }
WHERE { OPTIONAL { <plan/320600-202009/issue/1> du:topic ?old } }
