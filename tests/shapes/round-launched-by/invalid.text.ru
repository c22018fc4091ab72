# expect: violation|round/320000-2|du:launchedBy|round-launched-by
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <round/320000-2> du:launchedBy ?old }
INSERT { <round/320000-2> du:launchedBy "江苏省" }
WHERE { OPTIONAL { <round/320000-2> du:launchedBy ?old } }
