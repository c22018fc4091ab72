# expect: violation|document/00112233445566aa#char=0,27|du:quote|evidence-quote
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa#char=0,27> du:quote ?old }
INSERT { <document/00112233445566aa#char=0,27> du:quote "南通市贯彻落实省第三生态环境保护督察组反馈意见整改方案", "浙江省贯彻落实省第三生态环境保护督察组反馈意见整改方案" }
WHERE { OPTIONAL { <document/00112233445566aa#char=0,27> du:quote ?old } }
