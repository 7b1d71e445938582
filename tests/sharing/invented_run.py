"""A small finished run of invented people, to be shared."""

import csv
import random
from datetime import date, timedelta

from segment_lib import thread, walk
from segment_lib.checks import NeedsTable

AS_OF = date(2025, 6, 30)
PEOPLE = 60
OWNERS = ("佐伯", "Ms Quill", "単")  # the last: a name of one sign
TRADES = ("bakery", "dental", "garage", "circus")
TOML = """
[client]
name = "hidden_falls"
title = "Hidden Falls Ltd"
as_of = 2025-06-30
decided_by = "佐伯"
decided_on = 2025-06-01

[lists.customers]
files = ["Hidden Falls people.csv"]
[lists.customers.columns]
customer_id = "no"
name = "firm"
contact_person = "person"
telephone = "tel"
email = "mail"
address = "place"
owner = "rep"
needs = "wish"
referred_by = "by"
trade = "trade"
staff = "staff"
under_contract = "contract"
[lists.customers.words.under_contract]
yes = ["yes"]
no = ["no"]

[lists.sales]
table = "orders"
files = ["orders.csv"]
[lists.sales.columns]
customer_id = "no"
ordered_on = "day"
amount = "total"
order_id = "order"

[attributes.trade]
label_en = "Trade"
family = "company"
known_at = "before_contract"
[attributes.staff]
label_en = "Staff"
family = "company"
known_at = "before_contract"

[contract]
decided_by = "Ms Quill"
[capacity]
decided_by = "Dr. Ferngrove"
[capacity.owners]
"佐伯" = 40
"Ms Quill" = 12

[contact_policy]
[[contact_policy.should_not]]
because = "佐伯 said so"
customers = ["K-0007", "K-0011"]
decided_by = "Dr. Ferngrove"
decided_on = 2025-06-01

[[actions]]
name = "Ask Ms Quill"
decision = "approach"
content = "Call {contact_person} of {name} about {needs}."
purpose = "understand"
channels = ["call"]
effort_hours = 0.5
measure = "an answer"
decided_by = "Ms Quill"
decided_on = 2025-06-01
"""


def people() -> list[dict[str, str]]:
    """One row per customer; of every kind of words that may say who somebody is."""
    return [
        {
            "no": f"K-{n:04}",
            "firm": f"Wolfram{n:03} Werke",
            "person": f"Person{n:03} Zimt",
            "tel": f"0900555{n:04}",
            "mail": f"box{n}@falls.example",
            "place": f"{n} Hidden Lane",
            "rep": OWNERS[n % 3] if n % 9 else "",
            "wish": f"wants secret {n:03}",
            "by": f"K-{n - 1:04}" if n % 5 == 4 else "",
            "trade": TRADES[3] if n in (8, 30) else TRADES[n % 3],
            "staff": str(3 + n * n % 97),
            "contract": "yes" if n % 4 == 0 else "no",
        }
        for n in range(PEOPLE)
    ]


def orders() -> list[dict[str, object]]:
    draw = random.Random(4)
    return [
        {
            "order": f"O{n:05}",
            "no": f"K-{draw.randrange(PEOPLE):04}",
            "day": AS_OF - timedelta(days=draw.randrange(700)),
            "total": draw.randrange(20, 400) * 100,
            "line": draw.choice(["salt", "tea"]),
        }
        for n in range(400)
    ]


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def finish(client):
    """What `kit.py run` leaves, without notebooks."""
    for kept in thread.KEPT_BY:
        try:
            thread.take_up(client, kept)
        except NeedsTable:
            continue
    walk._finish(client, [])
    walk._write_run(client, {"steps": []})
    return client
