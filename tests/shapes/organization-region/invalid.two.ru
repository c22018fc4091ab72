# expect: violation|organization/320600-1a2b3c4d|du:region|organization-region
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <organization/320600-1a2b3c4d> du:region ?old }
INSERT { <organization/320600-1a2b3c4d> du:region <region/320600>, <region/320000> }
WHERE { OPTIONAL { <organization/320600-1a2b3c4d> du:region ?old } }
