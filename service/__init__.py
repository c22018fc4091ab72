"""The HTTP service: reads one published snapshot, answers SPARQL, and shows the graph as pages and linked data."""
