"""What a cell means, one text or a whole column, and the reason where it means nothing."""
