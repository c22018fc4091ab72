# expect: violation|supervision/320600-202009/team|rdfs:label|team-label
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <supervision/320600-202009/team> rdfs:label ?value }
