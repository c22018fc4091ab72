"""A snapshot on a SPARQL server of somebody else: sent, marked, and asked for (docs/snapshots.md)."""
