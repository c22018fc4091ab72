"""Curators' decisions: read, matched with facts, applied, listed and drafted (docs/corrections.md)."""
