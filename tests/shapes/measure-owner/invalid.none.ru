# expect: violation|plan/320600-202009/issue/1/measure/1|-|measure-owner
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/issue/1/measure/1> du:ofIssue ?owner }
