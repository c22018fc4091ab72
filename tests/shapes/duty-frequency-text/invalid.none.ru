# expect: violation|plan/320600-202009/duty/0a1b2c3d|du:frequencyText|duty-frequency-text
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <plan/320600-202009/duty/0a1b2c3d> du:frequencyText ?value }
