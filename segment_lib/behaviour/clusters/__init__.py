"""k-means on behaviour: how many groups hold up, and each of them in words."""
