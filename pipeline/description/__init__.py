"""What a snapshot says of itself: VoID, DCAT, and examples of queries."""
