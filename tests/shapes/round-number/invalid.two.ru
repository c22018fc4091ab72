# expect: violation|round/320000-2|du:roundNumber|round-number
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <round/320000-2> du:roundNumber ?old }
INSERT { <round/320000-2> du:roundNumber 1, 2 }
WHERE { OPTIONAL { <round/320000-2> du:roundNumber ?old } }
