"""Is it a good playbook? Its rows with whom they take, and the groups it is cut by."""

from __future__ import annotations

import pandas as pd

from segment_lib.approach.choosing import Choice, has
from segment_lib.approach.conditions import words_asked
from segment_lib.approach.playbook import ALWAYS, Playbook, conditions_said, name_said, needed
from segment_lib.columns import value_labels, values_of
from segment_lib.settings import ActionRow
from segment_lib.settings.sections import code_of, plain_word
from segment_lib.voice import _, pgettext, said_by_people


def rows_table(book: Playbook, choice: Choice) -> pd.DataFrame:
    """One row per row of the playbook, in its order: row (its name), action (in words), asks_for,
    purpose, channels, effort_hours, due_in_days, measure, decided, signed, fits (on its own),
    takes (in this order), hours (of all it takes), hidden_by, kept_from.
    """
    found = []
    for at, row in enumerate(book.rows):
        takes = int(choice.row.eq(at).sum())
        found.append(
            {
                "row": row.name,
                "action": name_said(row),
                "asks_for": conditions_said(row),
                "purpose": row.purpose,
                "channels": value_labels("channel", row.channels, pgettext("channels", ", ")),
                "effort_hours": row.effort_hours,
                "due_in_days": row.due_in_days,
                "measure": said_by_people(row.measure, row.measure_ja),
                "decided": row.signature(),
                "signed": row.is_signed,
                "fits": int(choice.fits[at].sum()),
                "takes": takes,
                "hours": takes * row.effort_hours,
                "hidden_by": _hidden_by(at, book.rows),
                "kept_from": "; ".join(
                    f"{_(why)}: {n:,}" for why, n in choice.kept_from[at].items()
                ),
            }
        )
    return pd.DataFrame(found)


def _hidden_by(at: int, rows: tuple[ActionRow, ...]) -> str:
    """The earlier row that takes whoever this one could mean; "" if there is none."""
    for earlier in rows[:at]:
        alike = needed(earlier) <= needed(rows[at])
        open_ = earlier.channels[-1] in ALWAYS or set(rows[at].channels) <= set(earlier.channels)
        if alike and open_ and _implied(earlier, rows[at]):
            return name_said(earlier)
    return ""


def _implied(earlier: ActionRow, later: ActionRow) -> bool:
    """Whether everybody who fits the later row fits the earlier one: by their conditions alone."""
    return all(
        column in later.conditions
        and _codes(column, later.conditions[column]) <= _codes(column, asked)
        for column, asked in earlier.conditions.items()
    )


def _codes(column: str, asked: object) -> set[str]:
    found = set()
    for word in words_asked(asked):
        try:
            found.add(plain_word(code_of(column, word) if values_of(column) else word))
        except ValueError:
            found.add(plain_word(word))
    return found


def groups_table(book: Playbook, facts: pd.DataFrame) -> pd.DataFrame:
    """One row per group of the leading cut that is there: column, group, customers, row_of_its_own
    ("" if none names it), same_as (groups that share it), cut_further (by the next label of the
    cut, as a group without a row of its own is).
    """
    found, inside = [], pd.Series(True, index=facts.index)
    cut = [column for column in book.cut if column in facts]
    for column in cut:
        left = pd.Series(False, index=facts.index)
        for code in values_of(column) or sorted(map(str, facts[column].dropna().unique())):
            group = has(facts, column, code) & inside
            if group.any():
                row = _row_of(code, column, book.rows)
                further = row is None and column != cut[-1]
                own = (name_said(row), _shares(row, column, code)) if row else ("", "")
                found.append((column, code, int(group.sum()), *own, further))
                left |= group if further else False
        inside = left
    names = ["column", "group", "customers", "row_of_its_own", "same_as", "cut_further"]
    return pd.DataFrame(found, columns=names).astype({"cut_further": bool})


def _row_of(code: str, column: str, rows: tuple[ActionRow, ...]) -> ActionRow | None:
    """The first row for one group alone, else the first that names it beside others."""
    wanted = plain_word(code)
    named = [row for row in rows if wanted in _codes_named(row, column)]
    alone = [row for row in named if _codes_named(row, column) == {wanted}]
    return next(iter((*alone, *named)), None)


def _codes_named(row: ActionRow, column: str) -> set[str]:
    words = words_asked(row.conditions.get(column, ()))
    return _codes(column, [word for word in words if not str(word).startswith(("!", "<", ">"))])


def _shares(row: ActionRow, column: str, code: str) -> str:
    others = sorted(_codes_named(row, column) - {plain_word(code)})
    return value_labels(column, others, pgettext("groups", ", "))
