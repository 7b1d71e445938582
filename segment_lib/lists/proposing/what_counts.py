"""Which rows of a list of sales count, as its values suggest and a person decides.

Each suggestion is a `Hint`: the line for client.toml, behind a #, and the numbers behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import SALES
from segment_lib.lists.cells.dates import SURE_SHARE
from segment_lib.lists.cells.values import Hint, array, fold_word, percent, quoted
from segment_lib.lists.cells.words import (
    YES,
    is_no_more_than_no_sale,
    may_say_no_sale,
    says_no_sale,
)
from segment_lib.lists.proposing.evidence import Look, with_counts
from segment_lib.lists.proposing.facts import (
    ANSWERS,
    GUESTS,
    is_sum,
    may_be_no_sale,
    states_with_codes,
    tells_signs,
)
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.proposing.needed import may_be, order_totals
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.proposing.reads_as import plain
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_YES = set(map(fold_word, YES))
_NO_SALES = set(map(fold_word, words("values")["no_sales"]))
_PREFIX = re.compile(r"^([A-Za-z]+)\d")
_SHOWN, _SOME_BACK, _MANY_ROWS = 8, 3, 50
_TOO_MANY, _TIMES_THE_NEXT, _TIMES_OTHERS = 0.05, 10, 3
_MOSTLY, _GUESTS, _TIMES_A_GUEST = 0.5, 0.1, 1.5
_SOME, _SEVERAL, _FEW = 0.02, 3, 4
_CENTS = 0.005


def what_counts(proposal: Proposal) -> list[Hint]:
    """All suggestions about which rows, and which of several sums, are sales."""
    if proposal.table not in SALES:
        missed = _missed(proposal) if proposal.table in ("contacts", "usage") else []
        others = [_guests(proposal), _guests_by(proposal)]
        return [*missed, *(hint for hint in others if hint is not None)]
    other_sum = _other_sum(proposal) or _order_totals(proposal)
    found = [
        *_movements(proposal),
        *_states_with_codes(proposal),
        _refunds(proposal),
        other_sum or _discounts(proposal),
        _one_row_is_one_order(proposal),
        _visits(proposal),
        _guests(proposal),
        _guests_by(proposal),
        _cancelled_prefix(proposal),
        _no_sales(proposal),
    ]
    return [hint for hint in found if hint is not None]


def _movements(proposal: Proposal) -> list[Hint]:
    """Columns of few words that may say a row is no sale, and are not used: never passed over.

    Of a word and its code, which say the same in every row, the word is asked about; those whose
    headers speak of cancelling come first. Who cancelled, and why, is not asked about where the
    rows in which it stands are told already.
    """
    look, hints = proposal.look, []
    asked: list[str] = []
    told_by_signs: list[pd.Index] = []
    told = pd.Series(False, look.frame.index)
    refunds = _refunded(proposal)
    found = [header for header in proposal.left if may_be_no_sale(look, header)]
    found.sort(
        key=lambda h: (
            not look.is_full(h), not meaning(h).of & {"cancel", "refund"}, look.is_coded(h)
        )
    )  # fmt: skip
    for header in found:
        stands, counts = look.stands(header), look.counts(header)
        again = any(look.is_one_to_one([header, other]) for other in asked)
        if again or (not stands.all() and (told | ~stands).all()):
            continue
        asked.append(header)
        says = _told_by(proposal, header, refunds)
        told |= look.frame[header].isin(says.none)
        signs = look.frame.index[look.frame[header].isin(says.back | says.none)]
        perhaps = set(filter(says_no_sale, counts))
        if says.back and not perhaps and any(signs.equals(one) for one in told_by_signs):
            continue  # of the same rows below zero one column is asked about
        told_by_signs.append(signs)
        words, first = sorted(says.none), counts
        if not {*words, *perhaps} <= set(list(counts)[:_SHOWN]):
            first = {text: counts[text] for text in [*words, *sorted(perhaps)]} | counts
        shown = with_counts(first, _SHOWN)
        why = Sentence("does one of these say that a row is no sale? {shown}", shown=shown)
        if says.back:
            why = Sentence(
                "{question}. The amounts of {back} are below zero: they count as returns by "
                "themselves unless they stand here, as rent, wages and payouts must",
                question=why,
                back=with_counts({text: counts[text] for text in sorted(says.back)}, _SOME_BACK),
            )
        more = ["…"] if says.is_open or not words else []  # who takes the line must look
        line = f"not_sales.{quoted(header)} = {array([*words, *more])}"
        hints.append(Hint(why, line, question=True, undecided=header))
        if says.given:
            why = Sentence(
                "the same sum stands in another row of their order, above zero in both: do these "
                "give it back? {shown}",
                shown=with_counts({text: counts[text] for text in sorted(says.given)}, _SHOWN),
            )
            line = f"returns.{quoted(header)} = {array(sorted(says.given))}"
            hints.append(Hint(why, line, question=True, undecided=header))
    return hints


class _Told(NamedTuple):
    """Of the words of a column those whose rows are no sale, and whether others may say so too;
    those of amounts below zero, which count as returns, and of returns written above zero.
    """

    none: set[str]
    is_open: bool
    back: set[str]
    given: set[str]


def _told_by(proposal: Proposal, header: str, refunds: pd.Series) -> _Told:
    """What the words of a column say of their rows; in `refunds` a column tells what was paid back
    of them.
    """
    look, said = proposal.look, meaning(header)
    words = set(filter(says_no_sale, look.counts(header)))
    if tells_signs(look, header):  # GUTSCHRIFT of a bank is paid in
        words = {text for text in words if "refund" not in meaning(text).of}
    if "contract" in said.of:  # a contract that ended: what was bought, was
        words = set()
    sure = words
    if said.head not in ("status", "kind", "code"):
        # キャンセル待ち→入れた: cancelled, and then not; "refunder gjerne hvis feil"
        sure = set(filter(is_no_more_than_no_sale, words))
    answers = set(map(fold_word, look.counts(header))) <= ANSWERS
    if "cancel" in said.of and answers:
        words = sure = {text for text in look.counts(header) if fold_word(text) in _YES}
    below = _of_sign(proposal, header, -1)
    nobodys = _of_nobody(proposal, header) - _of_sign(proposal, header, 1)
    out = _paid_out(proposal, header, below - nobodys)
    given = _given_back(proposal, header, sure)
    back = below - nobodys - out
    # 返品あり, of a part: its sum is beside it
    partly = set(look.frame[header][refunds]) if said.head == "text" else set()
    none = (sure | nobodys) - back - partly - given | out
    is_note = said.head in ("text", "") and look.distinct(header) > _FEW  # 道悪く行けず 次回
    return _Told(none, is_note or bool(words - none - back - partly - given), back, given)


def _states_with_codes(proposal: Proposal) -> Iterator[Hint]:
    """States with a number behind each: those that say a row is no sale, whatever the number."""
    for header in proposal.left:
        if states := states_with_codes(proposal.look, header):
            shown = with_counts(states, _SHOWN)
            why = Sentence("does one of these say that a row is no sale? {shown}", shown=shown)
            said = sorted(f"{word}*" for word in states if may_say_no_sale(word))
            line = f"not_sales.{quoted(header)} = {array(said)}"
            yield Hint(why, line, question=True, undecided=header)


def _given_back(proposal: Proposal, header: str, known: set[str]) -> set[str]:
    """Of words that tell a refund those whose rows repeat the number and the sum of another row,
    which was paid: refunds written above zero.
    """
    look, seen = proposal.look, proposal.columns.get("order_id")
    made = _made_of(proposal) or may_be(look, proposal.table, "amount")[:1]
    told = {text for text in known if "refund" in meaning(text).of}
    if not (seen and made and told):
        return set()
    money = look.numbers(made, all_rows=True).prod(axis=1)
    both = look.per_file(seen.header).reindex(money.index) + "\n" + money.astype(str)
    cells = look.frame[header].reindex(money.index)
    paid = set(both[~cells.isin(told) & (money > 0)])
    again = both.isin(paid).groupby(cells).mean()
    return {text for text in told if again.get(text, 0) >= _MOSTLY}


def _made_of(proposal: Proposal) -> list[str]:
    """The headers whose product is the money of a row: the amount, else price and pieces."""
    columns = proposal.columns
    if "amount" in columns:
        return [columns["amount"].header]
    parts = ("unit_price", "quantity") if "unit_price" in columns else ()
    return [columns[c].header for c in parts if c in columns]


def _of_sign(proposal: Proposal, header: str, sign: int) -> set[str]:
    """The words of a column whose rows have amounts of this sign, mostly: credit notes, returns."""
    look, made = proposal.look, _made_of(proposal)
    made = made or may_be(look, proposal.table, "amount")[:1]  # as it is asked about
    if not made:
        return set()
    money = look.numbers(made).prod(axis=1) * sign
    so = (money > 0).groupby(look.frame[header].reindex(money.index)).mean()
    return set(so.index[so > _MOSTLY]) - {""}


def _paid_out(proposal: Proposal, header: str, below: set[str]) -> set[str]:
    """Of words whose amounts are below zero those of people who never pay: rent, wages."""
    look, who = proposal.look, _customer(proposal)
    made = _made_of(proposal) or may_be(look, proposal.table, "amount")[:1]
    if not (below and who and made):
        return set()
    money = look.numbers(made, all_rows=True).prod(axis=1)
    named = look.frame[who[0]].reindex(money.index)
    pays = named.isin(set(named[money > 0]) - {""})
    rows = pays.groupby(look.frame[header].reindex(money.index)).agg(["mean", "size"])
    never = rows.index[(rows["mean"] <= 1 - SURE_SHARE) & (rows["size"] >= _SEVERAL)]
    return below & set(never)


def _customer(proposal: Proposal) -> list[str]:
    """The headers that name the customer, or may."""
    seen = proposal.columns.get("customer_id")
    return [seen.header] if seen else may_be(proposal.look, proposal.table, "customer_id")


def _of_nobody(proposal: Proposal, header: str) -> set[str]:
    """The words of a column whose rows name no customer, where most others do: a bank's own."""
    look, who = proposal.look, _customer(proposal)
    if not who:
        return set()
    named = pd.concat(list(map(look.stands, who)), axis=1).any(axis=1)
    if named.mean() < _MOSTLY:
        return set()
    told = named.groupby(look.frame[header]).agg(["any", "size"])
    return set(told.index[~told["any"] & (told["size"] >= _SEVERAL)]) - {""}


def _missed(proposal: Proposal) -> list[Hint]:
    """Of appointments: the columns that say that one was cancelled or missed; of days, any day.

    A reason that stands only where one of them is filled is not asked about too.
    """
    look, hints = proposal.look, []
    told = look.frame.index[:0]
    headers = [h for h in proposal.left if look.counts(h) and _may_say_missed(look, h)]
    for header in sorted(headers, key=lambda h: meaning(h).head != "day"):
        counts = look.counts(header)
        filled = look.frame.index[look.stands(header)]
        of_days = look.reads(header, "date")
        says = len(counts) > 1 or len(filled) < len(look.frame)
        if not says or set(filled) <= set(told) or not (of_days or look.share(header, "word") == 1):
            continue
        told = filled if len(filled) < len(look.frame) else told
        shown = with_counts(counts, _SHOWN)
        if of_days:
            shown = look.evidence(header, "contacted_on").shown
        why = Sentence("do any of these mean that it did not take place? {shown}", shown=shown)
        yes = [text for text in counts if fold_word(text) in _YES or may_say_no_sale(text)]
        patterns = ["?*"] if of_days else yes or ["…"]
        line = f"not_sales.{quoted(header)} = {array(patterns)}"
        hints.append(Hint(why, line, question=True, undecided=header))
    return hints


def _may_say_missed(look: Look, header: str) -> bool:
    said = meaning(header)
    told = any(map(may_say_no_sale, look.counts(header)))
    return "cancel" in said.of or (said.head == "status" and told)


def _refund_columns(proposal: Proposal) -> list[str]:
    """The columns beside the amount with what was paid back of it later."""
    look = proposal.look
    named = [header for header in proposal.left if "refund" in meaning(header).of]
    return [header for header in named if is_sum(look, header)]


def _refunded(proposal: Proposal) -> pd.Series:
    """In which rows something was paid back."""
    look = proposal.look
    sums = [look.numbers([h], all_rows=True)[h].ne(0) for h in _refund_columns(proposal)]
    paid = [one.reindex(look.frame.index, fill_value=False) for one in sums]
    return pd.concat(paid, axis=1).any(axis=1) if paid else pd.Series(False, look.frame.index)


def _refunds(proposal: Proposal) -> Hint | None:
    """Whether what was paid back of the amount is to be taken off."""
    look = proposal.look
    if not (_made_of(proposal) or may_be(look, proposal.table, "amount")):
        return None
    for header in _refund_columns(proposal):
        numbers = look.numbers([header], all_rows=True)[header]
        if _is_in_each_row(proposal, numbers[numbers != 0]):
            order = look.per_file(proposal.columns["order_id"].header)
            numbers = numbers.groupby(order).first()
        why = Sentence(
            "{rows} row(s) carry a refund, {money:,.0f} together; is it to be taken off?",
            rows=int((numbers != 0).sum()),
            money=float(numbers.abs().sum()),
        )
        return Hint(why, f"refunds = {quoted(header)}", question=True, undecided=header)
    return None


def _other_sum(proposal: Proposal) -> Hint | None:
    """Price times pieces beside a column of money that says another sum: a discount, a tax."""
    columns, look = proposal.columns, proposal.look
    if "amount" in columns or not {"unit_price", "quantity"} <= set(columns):
        return None
    parts = [columns[column].header for column in ("unit_price", "quantity")]
    for header in proposal.left:
        if not weight(header, "amount") or not look.fit(header, "amount", proposal.table):
            continue
        numbers = look.numbers([*parts, header], all_rows=True)
        made, said = (numbers[parts[0]] * numbers[parts[1]]).sum(), numbers[header].sum()
        if abs(made - said) <= _CENTS * abs(said):
            continue
        why = Sentence(
            "{made:,.2f} by price and pieces, {said:,.2f} in {header}: which of them was paid?",
            made=float(made),
            said=float(said),
            header=header,
        )
        return Hint(why, f"amount = {quoted(header)}", question=True, undecided=header)
    return None


def _order_totals(proposal: Proposal) -> Hint | None:
    """What the lines add up to, beside totals of their orders that say another sum."""
    columns, look = proposal.columns, proposal.look
    priced = {"amount", "unit_price"} & set(columns)
    if proposal.amount_of == "order" or "order_id" not in columns or not priced:
        return None
    lines = look.numbers(_made_of(proposal), all_rows=True).prod(axis=1).sum()
    for header in order_totals(look, proposal.table):
        numbers = look.numbers([header], all_rows=True)[header]
        totals = numbers.groupby(look.per_file(columns["order_id"].header)).first().sum()
        if abs(lines - totals) <= _CENTS * abs(totals):
            continue
        why = Sentence(
            "the lines add up to {lines:,.0f}, the totals of their orders ({header}) to "
            "{totals:,.0f}: postage, discounts, tax? To count the totals write this, and amount = "
            '"{header}" among the columns',
            lines=float(lines),
            totals=float(totals),
            header=header,
        )
        return Hint(why, 'amount_of = "order"', question=True, undecided=header)
    return None


def _discounts(proposal: Proposal) -> Hint | None:
    """A column of discounts beside rows that are price times pieces, whatever it says."""
    look, columns, made = proposal.look, proposal.columns, _made_of(proposal)
    if not {"unit_price", "quantity"} <= set(columns):
        return None
    parts = [columns[column].header for column in ("unit_price", "quantity")]
    for header in proposal.left:
        said = meaning(header)
        if said.head != "money" or "discount" not in said.of or look.share(header, "money") < 1:
            continue
        numbers = look.numbers([*dict.fromkeys([*parts, *made]), header], all_rows=True)
        some = numbers[numbers[header] != 0]
        off = some[parts].prod(axis=1) - some[made].prod(axis=1)
        if some.empty or off.abs().max() > _CENTS or _is_in_each_row(proposal, some[header]):
            continue
        why = Sentence(
            "{rows} row(s) carry a discount, {money:,.0f} together, and the amount is before it; "
            "is it to be taken off?",
            rows=len(some),
            money=float(some[header].abs().sum()),
        )
        line = f"discounts = [{quoted(header)}]"
        return Hint(why, line, question=True, undecided=header)
    return None


def _is_in_each_row(proposal: Proposal, numbers: pd.Series) -> bool:
    """Whether the rows of an order all say the same number: that of the whole order."""
    if "order_id" not in proposal.columns:
        return False
    order = proposal.look.per_file(proposal.columns["order_id"].header).reindex(numbers.index)
    said = numbers.groupby(order).agg(["size", "nunique"])
    alike = said["nunique"][said["size"] > 1] == 1
    return len(alike) > 0 and bool(alike.mean() >= SURE_SHARE)


def _one_row_is_one_order(proposal: Proposal) -> Hint | None:
    """Without order ids a customer and a day are one order, unless each row is one."""
    columns = proposal.columns
    if proposal.table != "orders" or "order_id" in columns:
        return None
    if not {"customer_id", "ordered_on"} <= set(columns):
        return None
    look, day = proposal.look, columns["ordered_on"].header
    days = look.frame[day].map(
        {text: plain(text, "date", look.dates.reading) for text in look.counts(day)}
    )
    rows = look.frame.assign(day=days)[[columns["customer_id"].header, "day"]]
    again = int(rows[look.stands(day)].duplicated().sum())
    if not again:
        return None
    why = Sentence(
        "no order id: one customer, one day is one order, and {again:,} row(s) are a "
        "further one of that day. If each row is an order of its own:",
        again=again,
    )
    return Hint(why, "one_row_is_one_order = true")


def _visits(proposal: Proposal) -> Hint | None:
    if "amount" not in proposal.columns:
        return None
    numbers = proposal.look.numbers([proposal.columns["amount"].header], all_rows=True)
    share = float((numbers == 0).to_numpy().mean()) if len(numbers) else 0.0
    if share < _MOSTLY:
        return None
    why = Sentence(
        "{share} of the amounts are 0: visits, not purchases. To keep them as use:",
        share=percent(share),
    )
    return Hint(why, 'zero_amounts = "visit"')


def _guests(proposal: Proposal) -> Hint | None:
    """An id with far too large a share of the rows, or a word for nobody in particular."""
    seen = proposal.columns.get("customer_id")
    found = _guest_ids(proposal)
    if seen is None or not found:
        return None
    counts = proposal.look.counts(seen.header)
    rows = sum(counts.values())
    why = Sentence(
        "do these stand for nobody in particular, as guests? {shown} of {rows:,} rows",
        shown=with_counts(found),
        rows=rows,
    )
    line = f"guests = {array(found)}"
    if not _are_many(found, counts):
        return Hint(why, line)
    return Hint(why, line, question=True, undecided="guests")


def _guest_ids(proposal: Proposal) -> dict[str, int]:
    """Ids that may be nobody's in particular, with their rows."""
    seen = proposal.columns.get("customer_id")
    if seen is None or proposal.table == "customers":
        return {}
    counts = proposal.look.counts(seen.header)
    rows, ranked = sum(counts.values()), list(counts.items())
    found = {text: n for text, n in ranked if fold_word(text) in GUESTS and n > 1}
    if rows >= _MANY_ROWS and len(ranked) > 1:
        (first, most), (_, next_most) = ranked[:2]
        if most >= _TOO_MANY * rows and most >= _TIMES_THE_NEXT * next_most:
            found[first] = most
    return found


def _are_many(found: Mapping[str, int], counts: Mapping[str, int]) -> bool:
    """Whether one of some ids stands in far more rows than those of others do."""
    rows, most = sum(counts.values()), max(found.values(), default=0)
    others = max((n for text, n in counts.items() if text not in found), default=0)
    some = max(_TOO_MANY * rows, _TIMES_OTHERS * others)
    return most >= min(some, max(_GUESTS * rows, _TIMES_A_GUEST * others))


def _guests_by(proposal: Proposal) -> Hint | None:
    """Orders without the customer's id, where nearly all have an address: guests of a shop."""
    look, columns = proposal.look, proposal.columns
    if "customer_id" not in columns:
        return None
    own, found = look.stands(columns["customer_id"].header), _guest_ids(proposal)
    if _are_many(found, look.counts(columns["customer_id"].header)):
        own &= ~look.frame[columns["customer_id"].header].isin(found)
    if "order_id" in columns:  # further lines of an order are silent in some lists
        own = own.groupby(look.per_file(columns["order_id"].header)).transform("any")
    nobody = int((~own).sum())
    if nobody < max(_SOME * len(own), _SEVERAL):
        return None
    for header, _ in look.weigh("email", "customers"):
        if look.stands(header)[~own].mean() >= SURE_SHARE:
            why = Sentence(
                "{rows:,} of {all:,} rows have no {own}, but {header}: are these guests, told "
                "apart by it?",
                rows=nobody,
                all=len(own),
                own=columns["customer_id"].header,
                header=header,
            )
            line = f"guests_by = {quoted(header)}"
            if proposal.table == "customers":  # asked where they ordered
                return Hint(why, line)
            return Hint(why, line, question=True, undecided="guests_by")
    return None


def _cancelled_prefix(proposal: Proposal) -> Hint | None:
    """Order ids with a letter before the number where money or pieces are below zero."""
    columns = proposal.columns
    signed = [columns[c].header for c in ("amount", "quantity") if c in columns]
    if "order_id" not in columns or not signed:
        return None
    ids = proposal.look.frame[columns["order_id"].header].str.strip()
    letters = ids.str.extract(_PREFIX, expand=False)
    numbers = proposal.look.numbers(signed, all_rows=True)
    below = (numbers < 0).any(axis=1).reindex(ids.index, fill_value=False)
    for letter, count in letters.value_counts().items():
        with_letter = letters == letter
        if count < len(ids) / 2 and below[with_letter].mean() >= 0.95:
            why = Sentence(
                "{count:,} order ids start with {letter}, nearly all of them with less than zero",
                count=count,
                letter=letter,
            )
            return Hint(why, f"cancelled_when_order_id_starts = {quoted(str(letter))}")
    return None


def _no_sales(proposal: Proposal) -> Hint | None:
    """Postage, fees and discounts among the articles."""
    seen = proposal.columns.get("product")
    if seen is None or proposal.table != "order_lines":
        return None
    counts = proposal.look.counts(seen.header)
    found = {text: n for text, n in counts.items() if fold_word(text) in _NO_SALES}
    if not found:
        return None
    shown = with_counts(found)
    why = Sentence("are these no sales? {shown}", shown=shown)
    return Hint(why, f"not_sales.{quoted(seen.header)} = {array(found)}")
