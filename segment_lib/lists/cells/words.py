"""What the words and codes of a list mean: those that client.toml explains, and those for nothing.

Of statuses, kinds, results, yes and no, what client.toml says under `[lists.X.words.COLUMN]` comes
first; then the kit's own word and both of its labels; for yes/no columns the usual signs. A word
that none of these explains stops the run with the words and their counts: nobody guesses what 保留
means. Nor is anything taken as missing because it looks so: 99 may be an age, 999 a price. A code
for nothing counts where client.toml declares it (`missing`, `missing_in`); `suggest_missing` only
says which to ask about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ClientError, ListError
from segment_lib.columns import DICTIONARIES, REGISTER_COLUMNS, TABLES, VALUES
from segment_lib.lists.cells.amounts import parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import (
    DIGITS_LOST,
    FORMULA_ERROR,
    Parsed,
    array,
    fold_word,
    listed,
    quoted,
    tidy_text,
    without_accents,
)
from segment_lib.lists.words import pattern, words
from segment_lib.settings import Client, ListSection
from segment_lib.voice import N_, Sentence, _, in_every_language

YES: tuple[str, ...] = words("answers")["yes"]
NO: tuple[str, ...] = words("answers")["no"]
UNKNOWN: tuple[str, ...] = words("answers")["unknown"]
STATUSES = ("completed", "cancelled", "ignored")
ADJUSTMENT_KINDS: dict[str, tuple[str, ...]] = words("values")["adjustments"]
WON, LOST = words("values")["deals"]["won"], words("values")["deals"]["lost"]
_SAY_LEAST = ("unknown", "ignored")
_SHOWN = 20


def is_worded(client: Client, table: str, column: str) -> bool:
    """Whether every word of this column must be explained."""
    if column == "status" and table != "customers":
        return True
    if column == "step" and table != "customers":
        return bool(client.steps)
    return column_kind(client, column, table) in ("code", "yes_no")


def column_kind(client: Client, column: str, table: str) -> str:
    """The kind of a mapped column: as `columns.py` says of the table, else as [attributes] says.

    A list of customers may call an attribute `kind` or `channel`: then it is text, and not the
    column of that name which another table has.
    """
    if is_attribute(table, column):
        return client.attributes[column].kind if column in client.attributes else "text"
    if column == "cancelled_on":
        return "date"
    return REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"


def is_attribute(table: str, column: str) -> bool:
    """Whether a column of a list of customers is the client's own, whatever its name."""
    return table == "customers" and column not in TABLES["customers"]


def known_words(client: Client, list_name: str, column: str) -> dict[str, str]:
    """Folded word to the kit's word, for one column of one list.

    Raises `ClientError` if client.toml maps to a word that the column does not have.
    """
    own = _own_words(client, client.table_of(list_name), column)
    declared = client.lists[list_name].words.get(column, {})
    strange = [word for word in declared if word not in own]
    if own and strange:
        raise ClientError(
            "client.toml: [lists.{list_name}.words.{column}] maps to '{word}', "
            "which is not one of {own}.",
            list_name=list_name,
            column=column,
            word=strange[0],
            own=list(own),
        )
    words = {fold_word(word): word for word in own}
    words |= {fold_word(one): word for word, ones in own.items() for one in ones if one}
    return words | {fold_word(one): word for word, ones in declared.items() for one in ones}


def word_of(client: Client, list_name: str, column: str) -> Callable[[str], str | None]:
    """What a text of this column means: a word of the kit's, "" for nothing, None for unexplained.

    Blank is nothing, but for a status it must be explained. A column of free text keeps the words
    that have no entry.
    """
    words = known_words(client, list_name, column)
    missing = declared_codes(client.lists[list_name], column)
    missing |= set() if column == "status" else {""}
    free = not is_worded(client, client.table_of(list_name), column)

    def mean(text: str) -> str | None:
        key = fold_word(text)
        if key in words:
            return words[key]
        if key in missing or (free and not key):
            return ""
        return tidy_text(text) if free else None

    return mean


def require_explained(
    client: Client, list_name: str, column: str, counts: Mapping[str, int]
) -> None:
    """Raise `ListError` with the words and counts of a whole column if some are not explained."""
    mean = word_of(client, list_name, column)
    strange = {text: count for text, count in counts.items() if mean(text) is None}
    if not strange:
        return
    first = sorted(strange.items(), key=lambda pair: (-pair[1], pair[0]))
    texts = [text for text, _n in first]
    shown = words_with_counts(first[:_SHOWN])
    if len(first) > _SHOWN:
        shown = _("{first} and {more} more", first=shown, more=len(first) - _SHOWN)
    ours = list(dict.fromkeys(known_words(client, list_name, column).values()))
    section = client.lists[list_name]
    # A line that is pasted unread must not say more than nobody doubts (キャンセル is cancelled),
    # else that nobody knows, of the word that fewest rows have.
    guesses = words("guesses").get(column, {})
    meant = {fold_word(one): name for name in ours for one in guesses.get(name, ())}
    word = next((one for one in texts if fold_word(one) in meant), texts[-1])
    harmless = meant.get(fold_word(word)) or next((one for one in _SAY_LEAST if one in ours), "")
    there = section.words.get(column, {}).get(harmless, ())  # a line that is pasted takes none out
    raise ListError(
        '{list_name}: the column "{header}" ({column}) holds {count} word(s) that client.toml '
        "does not explain: {shown}. Write which of {ours} each one means, for example: "
        "[lists.{list_name}.words.{column}] {line}.",
        list_name=list_name,
        header=(section.lent | section.headers).get(column, "always"),
        column=column,
        count=len(strange),
        shown=shown,
        ours=", ".join(ours),
        line=f"{harmless} = {array([*there, word])}" if harmless else f"{ours[0]} = [...]",
    )


def _own_words(client: Client, table: str, column: str) -> dict[str, tuple[str, ...]]:
    if is_attribute(table, column):
        yes_no = column_kind(client, column, table) == "yes_no"
        return {"yes": YES, "no": NO, "unknown": UNKNOWN} if yes_no else {}
    if column == "status":
        return {word: () for word in STATUSES}
    if column == "kind" and table == "adjustments":
        return ADJUSTMENT_KINDS
    if column == "kind":
        kinds = client.stages.met + client.stages.meal + client.stages.mail_or_call
        touches = {k: said for k, said in _labels(column).items() if k not in ADJUSTMENT_KINDS}
        return {kind: () for kind in kinds} | touches
    if column == "step":
        return {row.name: (row.label_en, row.label_ja) for row in client.steps}
    if column == "got_results":
        labels = _labels(column)
        return {"yes": labels["yes"] + YES, "no": labels["no"] + NO, "unknown": labels["unknown"]}
    if column_kind(client, column, table) == "yes_no":
        won, lost = (WON, LOST) if column == "won" else ((), ())
        return {"yes": YES + won, "no": NO + lost, "unknown": UNKNOWN}
    return _labels(column)


def _labels(column: str) -> dict[str, tuple[str, ...]]:
    context = DICTIONARIES.get(column, column)
    return {word: in_every_language(context, said) for word, said in VALUES.get(column, {}).items()}


def words_with_counts(counted: Sequence[tuple[str, int]]) -> str:
    """Words in quotation marks, each with how often it comes."""
    said = N_('"{word}" ({count})'), N_('"" (blank, {count})')
    return str(listed(_(said[not word], word=word, count=n) for word, n in counted))


# --- columns that tell of leaving -------------------------------------------------------------

# A bare Yes under "Churn" is no success: read as it stands, everybody who left would count as
# somebody who got results. So a person must say what yes and no mean there.
# Columns in which a yes is good, and what the good is.
_GOOD = {
    "got_results": N_("those who stayed got results"),
    "under_contract": N_("those who stayed are under contract"),
    "won": N_("those that were not lost were won"),
}
_LEAVING = re.compile(pattern(words("values")["leaving"]), re.IGNORECASE)
_SAYS_YES = {fold_word(word) for word in YES}
_SAYS_NO = {fold_word(word) for word in NO}


def tells_of_leaving(header: str) -> bool:
    """Whether a header says by its name that somebody left.

    >>> tells_of_leaving("is_churned"), tells_of_leaving("解約フラグ"), tells_of_leaving("Result")
    (True, True, False)
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", tidy_text(header))
    return _LEAVING.search(words) is not None


def require_said_what_yes_means(
    client: Client, list_name: str, column: str, texts: Iterable[str]
) -> None:
    """Raise `ListError` if a bare yes or no of such a column is about to be taken as it stands.

    `texts` are its distinct cells, in the order of the list.
    """
    section = client.lists[list_name]
    header = section.headers.get(column, "")
    if column not in _GOOD or column in section.words or not tells_of_leaving(header):
        return
    if is_attribute(client.table_of(list_name), column):
        return
    bare = [one for one in texts if fold_word(one) in _SAYS_YES | _SAYS_NO]
    if not bare:
        return
    yes = quoted(next((one for one in bare if fold_word(one) in _SAYS_YES), "Yes"))
    no = quoted(next((one for one in bare if fold_word(one) in _SAYS_NO), "No"))
    said = f"[lists.{list_name}] words.{column} = "
    two = [quoted(one) for one in bare[:2]]
    raise ListError(
        '{list_name}: {column} is read from the column "{header}", whose name tells of leaving or '
        "losing, and it holds {words}. Say what they mean: {said}{{yes = [{no}], no = [{yes}]}} "
        "if {good}, or {said}{{yes = [{yes}], no = [{no}]}} if {yes} is the good word after all.",
        list_name=list_name,
        column=column,
        header=header,
        words=_("{first} and {second}", first=two[0], second=two[1]) if two[1:] else two[0],
        said=said,
        no=no,
        yes=yes,
        good=_(_GOOD[column]),
    )


# --- codes that stand for nothing -------------------------------------------------------------

FORMULA_ERRORS: tuple[str, ...] = words("values")["formula_errors"]
_EXPONENT = r"^\d\.\d+[eE]\+\d+$"


def without_codes(codes: set[str], texts: pa.Array) -> pa.Array:
    """The column with its declared codes blank, compared folded: " Ｕｎｋｎｏｗｎ" is unknown."""
    found = _are_codes(codes, texts)
    return pc.if_else(found, "", texts) if pc.any(found).as_py() else texts


def coded_texts(texts: Iterable[str], codes: set[str]) -> list[str]:
    """Those of the distinct cells of a column that are codes for nothing."""
    known = pa.array(texts, pa.large_string())
    return list(known.filter(_are_codes(codes, known)).to_pylist())


def _are_codes(codes: set[str], texts: pa.Array) -> pa.Array:
    """Whether each is one of the folded codes, folded as `fold_word` does."""
    texts = texts.cast(pa.large_string())
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, form="NFKC")
    folded = pc.utf8_lower(pc.replace_substring_regex(texts, r"\s+", ""))
    return pc.is_in(folded, pa.array(sorted(codes), folded.type))


def declared_codes(section: ListSection, column: str) -> set[str]:
    """The folded codes for nothing of one mapped column: those of the list, and its own.

    `missing_in` may name the column of the kit or the header of the list.
    """
    header = section.headers.get(column, column)
    own = [
        words
        for name, words in section.missing_in.items()
        if name == column or match_header(name, [header])
    ]
    said = {fold_word(word) for words in (section.missing, *own) for word in words}
    return said - {""}


def without_lost_values(texts: Parsed, is_id: bool) -> Parsed:
    """Texts without what a spreadsheet has lost: formula errors, and ids such as 1.23E+11.

    Many ids become the same 1.23E+11, so that strangers would be one customer.
    """
    values = texts.values
    data = values.buffers()[2]  # perhaps with texts that were sliced off: enough for a first look
    written = b"" if data is None else data.to_pybytes()
    if b"#" not in written and b"+" not in written:
        return texts
    lost = pc.is_in(values, pa.array(FORMULA_ERRORS, values.type))
    reason = pc.if_else(lost, FORMULA_ERROR.english, pa.scalar(None, pa.string()))
    if is_id:
        cut = pc.fill_null(pc.match_substring_regex(values, _EXPONENT), False)
        reason, lost = pc.if_else(cut, DIGITS_LOST.english, reason), pc.or_(lost, cut)
    return Parsed(pc.if_else(lost, None, values), reason) if pc.any(lost).as_py() else texts


# --- suggestions ------------------------------------------------------------------------------

_FOLDED_WORDS = {fold_word(word) for word in words("values")["nothing"]}
_NINES = {int("9" * digits) for digits in range(3, 10)}
_BELOW_ZERO = {-1, -9, -99, -999, -9999}
_CODE_DAYS = set(words("values")["code_days"])
_FEW_ROWS = 3
_MOST = 0.9
_MOST_TEXTS = 5_000


def suggest_missing(text: pd.Series) -> list[tuple[str, int]]:
    """Values of a text column that look like codes for nothing, with counts, most frequent first.

    Words in both languages (不明, unknown, Select); numbers such as 999 or -1 where they stand
    apart from all others and come often; days such as 9999-12-31 where no other day is near. To be
    asked about, never to be taken out unasked.
    """
    counts = text[text.str.strip() != ""].value_counts().head(_MOST_TEXTS)
    counts = pd.Series({str(one): int(n) for one, n in counts.items()}, dtype="int64")
    words = {one for one in counts.index if _is_word_for_nothing(one)}
    rest = counts.drop(index=list(words))
    found = words | _code_numbers(rest) | _code_days(rest)
    return sorted(((one, int(counts[one])) for one in found), key=lambda pair: (-pair[1], pair[0]))


def _is_word_for_nothing(text: str) -> bool:
    # Nan, Nat and Na are people's names; nan, NaN and NA are not.
    name = len(text) < 4 and text.isalpha() and text.istitle()
    return fold_word(text) in _FOLDED_WORDS and not name


def _code_numbers(counts: pd.Series) -> set[str]:
    """999 where it is far above all others; -1 where nothing else is below zero."""
    numbers = _if_mostly_read(counts, parse_number)
    if not numbers:
        return set()
    value = pd.Series({one: float(str(number)) for one, number in numbers.items()})
    found = set()
    codes = value[value.isin([*_NINES, *_BELOW_ZERO])].index
    for one in codes[counts[codes] >= _FEW_ROWS]:
        others = value[value != value[one]]
        others = others[~others.isin([*_NINES, *_BELOW_ZERO])]
        if others.empty:
            continue
        if value[one] in _NINES and value[one] > 5 * others.abs().max():
            found.add(one)
        # -1 beside other numbers, and twice as frequent as any of them: a return is rarer.
        often = counts[one] > 2 * counts[value.index].drop(index=one).max()
        if value[one] in _BELOW_ZERO and others.min() >= 0 and value.max() >= 2 and often:
            found.add(one)
    return found


def _code_days(counts: pd.Series) -> set[str]:
    """1900-01-01 or 9999-12-31 where no other day is within ten years."""
    digits = {one: re.sub(r"\D", "", one) for one in counts.index}
    codes = {one for one in counts.index if digits[one][:8] in _CODE_DAYS}
    rest = counts.drop(index=list(codes))
    days = _if_mostly_read(rest, parse_date).values() if codes else ()
    years = [day.year for day in days if isinstance(day, date)]
    far = {one for one in codes if all(abs(year - int(digits[one][:4])) > 10 for year in years)}
    return far if years else set()


def _if_mostly_read(counts: pd.Series, parse: Callable[[str], object]) -> dict[str, object]:
    """What is read, if nearly all rows are of this kind: then the odd ones are worth a look."""
    read = {one: value for one in counts.index if not isinstance(value := parse(one), Sentence)}
    mostly = len(read) > 1 and counts[list(read)].sum() >= _MOST * counts.sum()
    return read if mostly else {}


# --- words of rows that may be no sale -----------------------------------------------------------

# In every language and in many forms, Anulowany, キャンセル(店舗): known are whole words, how they
# begin, and, in writing without blanks, what stands in them. They are asked about.
_VALUES = words("values")
_WORDS = {fold_word(one) for one in (*_VALUES["no_sale_words"], *_VALUES["no_sales"])}
_STEMS = tuple(map(without_accents, _VALUES["no_sale_stems"]))
_PARTS: tuple[str, ...] = tuple(_VALUES["no_sale_parts"])
_NOT_YET = {fold_word(word) for word in _VALUES["not_yet"]}
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")
_LITTLE = 4  # signs beside the word: 当日, 無断


def may_say_no_sale(text: str) -> bool:
    """Whether a word says of a row that it may be no sale, or one that was taken back.

    >>> may_say_no_sale("Anulowany"), may_say_no_sale("キャンセル(店舗)"), may_say_no_sale("Pagato")
    (True, True, False)
    """
    word = fold_word(text)
    begins = any(one.startswith(_STEMS) for one in re.findall(r"\w+", without_accents(word)))
    return word in _WORDS or begins or any(part in word for part in _PARTS)


def says_no_sale(text: str) -> bool:
    """The same, without what is only not done yet: unpaid, on hold.

    >>> says_no_sale("未入金"), says_no_sale("入金取消")
    (False, True)
    """
    return may_say_no_sale(text) and fold_word(text) not in _NOT_YET


def is_no_more_than_no_sale(text: str) -> bool:
    """Whether a note says that a row is no sale, and little else.

    >>> [is_no_more_than_no_sale(one) for one in ("当日キャンセル（熱）", "キャンセル待ち→入れた")]
    [True, False]
    >>> is_no_more_than_no_sale("cancelled"), is_no_more_than_no_sale("cancelled last wk")
    (True, False)
    """
    word = _BRACKETS.sub("", tidy_text(text).casefold()).strip()
    if fold_word(word) in _WORDS:
        return True
    for part in _PARTS:
        word = word.replace(part, "")
    rest = [one for one in re.findall(r"\w+", word) if not without_accents(one).startswith(_STEMS)]
    return len("".join(rest)) <= _LITTLE
