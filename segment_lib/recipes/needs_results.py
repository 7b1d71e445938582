"""Whether the lists of a client let anybody say who got results, and what would let them."""

from __future__ import annotations

from segment_lib.checks import NeedsTable
from segment_lib.client import Client
from segment_lib.lists.register import Register


def has_outcome(client: Client, register: Register) -> bool:
    """Whether these lists say, or let us judge, who got results."""
    return _says_results(client, register) and _knows_a_start(register)


def _says_results(client: Client, register: Register) -> bool:
    by_steps = client.outcome.source == "steps_done" and bool(client.steps)
    return register.has("outcomes") or by_steps


def _knows_a_start(register: Register) -> bool:
    """Whether any customer has a day from which a result can be counted."""
    days = register.frame("customers")[["contract_on", "first_contact_on"]]
    summed_up = register.frame("summaries")["first_order_on"]
    return register.has("orders") or bool(days.notna().any(axis=None) or summed_up.notna().any())


def require_outcome(client: Client, register: Register) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open the results view."""
    if has_outcome(client, register):
        return
    if _says_results(client, register):
        raise NeedsTable(
            "These lists say who got results, but no day on which anybody began, so this notebook "
            "stays closed; the walk goes on without it. It would need contract_on or "
            "first_contact_on in the list of customers, or a table `orders`. Map one of them in "
            "client.toml.\n"
            "成果の一覧はありますが、お客様がいつ始めたか（契約開始日・初回接触日・注文）がないため、"
            "このノートブックは開きません。client.toml でいずれかの列か注文の一覧を加えてください。"
        )
    raise NeedsTable(
        "These lists do not say who got results, so this notebook stays closed; the walk goes on "
        "without it. It would need a table `outcomes` with the columns customer_id and got_results "
        "(yes, no, not yet known), and decided_on if you have it. Map it in client.toml under "
        "[lists.outcomes]. Or name the requests that a successful customer handles in [[steps]] "
        'and set [outcome] source = "steps_done".\n'
        "成果（お客様がサービスで成果を出したか）の一覧がないため、このノートブックは開きません。"
        "customer_id と got_results の列をもつ一覧を、client.toml の [lists.outcomes] に"
        "加えてください。"
    )
