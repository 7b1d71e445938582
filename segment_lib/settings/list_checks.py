"""What the lists say about rows, marks and money must fit together; else a sentence says how."""

from __future__ import annotations

from typing import Any

from segment_lib.checks import ClientError, closest
from segment_lib.settings import Client, ListSection
from segment_lib.voice import _, sentences


def check_shapes(client: Client, file_name: str) -> None:
    """What a list says about its rows must fit its table and the columns it maps."""
    for name, section in client.lists.items():
        table, where = client.table_of(name), f"{file_name}: [lists.{name}"
        if section.positions and table not in ("order_lines", "adjustments"):
            raise ClientError(
                "{where}] names positions, so that one row becomes several; {table} has one row "
                'per thing. Say what an article in a row is: table = "order_lines".',
                where=where,
                table=table,
            )
        _check_positions(section, where)
        if section.zero_amounts == "visit" and table not in ("orders", "order_lines"):
            raise ClientError(
                '{where}] zero_amounts = "visit" is about orders without money; '
                '{table} has none. Take it out, or say table = "orders".',
                where=where,
                table=table,
            )
        marks = {
            header
            for said in (section.refusals, section.consents)
            for headers in said.values()
            for header in headers
        }
        _require_keys(section.words, section.mapped | marks, f"{where}.words")
        _require_keys(
            section.missing_in,
            section.mapped | set(section.headers.values()) | marks,
            f"{where}.missing_in",
        )


def _check_positions(section: ListSection, where: str) -> None:
    """`where` is the place in client.toml without its closing bracket."""
    named = [header for headers in section.positions.values() for header in headers]
    if section.positions and not named:
        raise ClientError(
            "{where}.positions] names no header. Name those of each article: "
            'product = ["商品1", "商品2"].',
            where=where,
        )
    twice = next((one for one in named if named.count(one) > 1), None)
    if twice:
        raise ClientError(
            '{where}.positions] names the header "{twice}" twice. Name each position once.',
            where=where,
            twice=twice,
        )
    for column in ("amount", "margin", "quantity"):
        if not section.positions or column not in section.columns:
            continue
        if column != "quantity" or "amount" in section.positions:
            raise ClientError(
                '{where}.columns] {column} = "{header}" is one for the whole row, and would be '
                "counted once per article. Name it per position: {place}.positions] {column} = "
                '["…1", "…2"] (or unit_price and quantity); or read the list as orders, without '
                'positions: table = "orders".',
                where=where,
                column=column,
                header=section.columns[column],
                place=where[where.index("[") :],
            )


def _require_keys(said: dict[str, Any], known: set[str], where: str) -> None:
    """A misspelt key of a free section would silently do nothing."""
    for key in said:
        if key not in known:
            near = closest(key, known)
            raise ClientError(
                sentences(
                    _("{where}] names {key}, which this list does not map.", where=where, key=key),
                    _("Did you mean {near}?", near=near) if near else "",
                    _("It has {names}.", names=sorted(known)),
                )
            )


def check_money(client: Client, file_name: str) -> None:
    """Amounts with and without tax are never added up unless somebody says on which basis."""
    with_money = {
        name: section
        for name, section in client.lists.items()
        if {"amount", "unit_price", "monetary"} & (set(section.headers) | set(section.always))
    }
    basis = client.rules.money
    silent = [name for name, section in with_money.items() if section.tax is None]
    if basis and silent:
        raise ClientError(
            '{file_name}: [rules] money = "{basis}", but [lists.{name}] does not say whether its '
            'amounts are with tax. Add: tax = "included" or tax = "excluded".',
            file_name=file_name,
            basis=basis,
            name=silent[0],
        )
    said = {section.tax: name for name, section in reversed(with_money.items()) if section.tax}
    if not basis and len(said) > 1:
        raise ClientError(
            '{file_name}: [lists.{included}] has tax = "included" and [lists.{excluded}] has tax = '
            '"excluded", so their amounts cannot be added up. Say how the register counts: [rules] '
            'money = "tax_included" or "tax_excluded".',
            file_name=file_name,
            included=said["included"],
            excluded=said["excluded"],
        )
