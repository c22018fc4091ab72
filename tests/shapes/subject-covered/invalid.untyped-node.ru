# expect: violation|document/00112233445566aa|-|subject-covered
BASE <https://w3id.org/ducha/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT DATA { <plan/320600-202009/note/1> rdfs:label "旁注"@zh }
