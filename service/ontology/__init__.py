"""The ontology's pages: what the snapshot says of its own terms, in words, as a picture, as files.

model → words, diagram → view → the page of the service and the static site; downloads beside them.
"""
