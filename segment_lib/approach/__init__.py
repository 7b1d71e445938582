"""One room of the house; see the modules."""
