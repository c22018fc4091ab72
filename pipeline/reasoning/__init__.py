"""What follows from the facts, whether they agree with the ontology, why not, and whether the ontology is well made."""
