"""What was known about each customer before the result."""
