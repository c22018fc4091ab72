# expect: violation|plan/320600-202009/issue/1|du:deadlineKind|commitment-deadline-kind
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009/issue/1> du:deadlineKind ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009/issue/1> du:deadlineKind "2021年底前" . ?assertion rdf:object "2021年底前" }
WHERE { <plan/320600-202009/issue/1> du:deadlineKind ?old . ?assertion rdf:subject <plan/320600-202009/issue/1> ; rdf:predicate du:deadlineKind ; rdf:object ?old }
