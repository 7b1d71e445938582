"""What a new list seems to be: its table, its columns, the evidence, what is left to decide."""
