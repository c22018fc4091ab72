"""One router per group of addresses; each reads the dataset that the front layer chose for the request."""
