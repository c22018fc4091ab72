# expect: violation|supervision/320600-202009|du:inRound|supervision-round
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:inRound ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:inRound <round/320000-9> . ?assertion rdf:object <round/320000-9> }
WHERE { <supervision/320600-202009> du:inRound ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:inRound ; rdf:object ?old }
