"""Rules about customers who get results: conditions, words, rates, guesses and the search."""
