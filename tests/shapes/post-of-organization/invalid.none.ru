# expect: violation|organization/320600-1a2b3c4d/post/4d5e6f70|du:ofOrganization|post-of-organization
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <organization/320600-1a2b3c4d/post/4d5e6f70> du:ofOrganization ?value }
