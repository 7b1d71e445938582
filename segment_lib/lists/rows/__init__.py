"""The rows of all lists, accounted for, to the tables of the register."""
