"""Queries that are cited: their texts, the versions they were cited at, and answers from versions that are kept."""
