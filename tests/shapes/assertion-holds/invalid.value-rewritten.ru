# expect: violation|document/00112233445566aa|du:statedDays|assertion-holds
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <supervision/320600-202009> du:statedDays 20 } INSERT { <supervision/320600-202009> du:batch 2 } WHERE {} ;
DELETE DATA { <supervision/320600-202009> du:batch 2 }
