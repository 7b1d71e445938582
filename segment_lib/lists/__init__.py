"""Raw lists to one register: read the files, understand the cells, account for the rows.

cells → reading → rows → register; beside it `same` (名寄せ) and `proposing` (a new client).
"""
