"""One voice: every text has its twin, the twin its fields, and the files are those of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from segment_lib.locale import make
from segment_lib.voice import (
    N_,
    Sentence,
    _,
    in_every_language,
    language,
    ngettext,
    pgettext,
    said_by_people,
    sentences,
    spoken,
    use_language,
)

ROOT = Path(__file__).parents[1]
SAYS = ("_", "Sentence", "pgettext", "ngettext", *make.ERRORS)


def test_what_the_code_says_is_what_the_catalogue_holds() -> None:
    kept = make.read_catalogue()
    anew = make.made_anew(kept)
    assert {(m.id, m.context) for m in anew} == {(m.id, m.context) for m in kept}
    assert make.po_bytes(anew) == make.PO.read_bytes(), "run: python -m segment_lib.locale.make"
    assert make.mo_bytes(anew) == make.MO.read_bytes(), "run: python -m segment_lib.locale.make"


def test_a_name_that_ends_in_a_point_ends_the_sentence() -> None:
    assert _("{name} came. It starts with {name}.", name="Ann H.") == (
        "Ann H. came. It starts with Ann H."
    )
    assert _("see ../{name} …", name="x") == "see ../x …"


def test_every_text_has_its_twin() -> None:
    waiting = [message.id for message in make.read_catalogue() if message.id and not twins(message)]
    assert waiting == []


def twins(message: object) -> list[str]:
    string = message.string  # type: ignore[attr-defined]
    return [one for one in (string if isinstance(string, tuple) else (string,)) if one]


def fields(text: str) -> set[str]:
    """The names that a text asks for: of {day.year} it is day."""
    return {re.split(r"[.\[]", name)[0] for _text, name, *_rest in Formatter().parse(text) if name}


def said() -> Iterator[tuple[str, set[str], str]]:
    """Every text that the code says, with the fields it is given, and where."""
    for path in sorted((ROOT / "segment_lib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if not isinstance(node, ast.Call) or name not in SAYS:
                continue
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            given = {one.arg for one in node.keywords}
            if not texts or None in given or not given:
                continue
            text = texts[1] if name == "pgettext" else texts[0]
            yield text, {*given, *(["n"] if name == "ngettext" else [])}, f"{path}:{node.lineno}"


def test_each_field_of_a_text_and_of_its_twin_is_given() -> None:
    asked: dict[str, set[str]] = {}
    for message in make.read_catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in (*ids, *twins(message)) if message.id else ():
            asked.setdefault(ids[0], set()).update(fields(text))
    lacking = [(where, asked[text] - given) for text, given, where in said() if text in asked]
    assert [found for found in lacking if found[1]] == []
    unasked = [(where, given - asked[text] - {"n"}) for text, given, where in said()
               if text in asked]  # fmt: skip
    assert [found for found in unasked if found[1]] == []


def test_a_language_for_a_while() -> None:
    assert _("nobody") == "nobody"
    with language("ja"):
        assert spoken() == "ja"
        assert pgettext("column", "Spend") != ""
        with language("en"):
            assert spoken() == "en"
        assert spoken() == "ja"
    assert spoken() == "en"
    with pytest.raises(ValueError, match=r'The language is "fr"; it must be "en" or "ja"\.'):
        use_language("fr")  # type: ignore[arg-type]


def test_a_text_without_a_twin_stays_english_and_nothing_stays_nothing() -> None:
    with language("ja"):
        assert _(N_("no such sentence stands anywhere {n}"), n=1).endswith(" 1")
        assert _("") == ""


def test_one_and_many() -> None:
    one, many = "{n:,} customer", "{n:,} customers"
    assert [ngettext(one, many, n) for n in (1, 1200)] == ["1 customer", "1,200 customers"]
    with language("ja"):
        assert ngettext(one, many, 1200) != "1,200 customers"


def test_a_sentence_is_said_in_the_language_of_then() -> None:
    inner = Sentence("guest id")
    outer = Sentence("{a} and {n}", a=inner, n=3)
    assert str(outer) == "guest id and 3"
    assert outer == Sentence.from_json(outer.to_json())
    assert hash(outer) == hash(Sentence.from_json(outer.to_json()))
    assert outer != Sentence("{a} and {n}", a=inner, n=4)
    with language("ja"):
        assert str(inner) == "ゲスト用の番号"
        assert outer.english == "guest id and 3"


def test_what_people_wrote_is_said_in_their_words() -> None:
    assert said_by_people("Rivals", "同業他社") == "Rivals"
    with language("ja"):
        assert said_by_people("Rivals", "同業他社") == "同業他社"
        assert said_by_people("Rivals", "") == "Rivals"
        assert said_by_people("Champions", "") == "最優良のお客様"  # a default has its twin


def test_sentences_stand_apart_in_english_only() -> None:
    assert sentences("One.", "", "Two.") == "One. Two."
    with language("ja"):
        assert sentences("一。", "二。") == "一。二。"


def test_a_word_in_all_languages() -> None:
    assert in_every_language("decision", "Approach") == ("Approach", "アプローチする")
