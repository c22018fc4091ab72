"""Search over labels, quoted sentences and texts (`docs/search.md`)."""
