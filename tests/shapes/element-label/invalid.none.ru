# expect: violation|plan/320600-202009/principle/1|rdfs:label|element-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <plan/320600-202009/principle/1> rdfs:label ?value }
