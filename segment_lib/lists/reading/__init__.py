"""Any file or database to text cells, with the row numbers that a person sees."""
