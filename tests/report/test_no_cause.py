"""Nothing is said to come *from* an approach where nobody was drawn by lot."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from segment_lib.locale import make

ROOT = Path(__file__).parents[2]
CLAIMS = re.compile(
    r"uplift|because of (us|our|the approach)|(due|thanks) to (us|our|the approach)|put down to"
    r"|brought( about)? by (us|our|the)|caused? by (us|our|the)|\bcauses?\b|brings? about"
    r"|(approach|contact|effort|action)s? (brings?|brought|led to|leads to|made|has worked|worked)"
    r"|effect of (our|the|an) (approach|contact|action)|seen to have worked"
    r"|おかげ|アプローチによる|働きかけによる|接触による|アクションによる|効果|アップリフト|がもたら|実を結"
    r"|働きかけが[^。]*成果につなが|原因"
)
# Said of what was drawn by lot, or to say that it is not known; and the settled words for whom we
# leave alone, which claim nothing of anybody approached.
ALLOWED = re.compile(
    r"claim that approaching|effort (would )?brings? them no result|does not prove|lots?\b"
    r"|証明するものではありません|抽選"
)
OTHER = re.compile(r"多くは(ネットワーク|メモリ不足)が原因")  # why a machine stopped


def claims_of_cause(text: str) -> list[str]:
    """The sentences of a text that claim that something came from an approach."""
    said = re.split(r"(?<=[.。!?？])\s*|\n\n", OTHER.sub("", text.replace("share_due_to_us", "")))
    return [one for one in said if CLAIMS.search(one) and not ALLOWED.search(one)]


@pytest.mark.parametrize(
    "text",
    [
        "8 results were brought by the approach.", "That is an uplift of 3 points.",
        "40% of the results are put down to our approach.", "The approach brought 12 orders.",
        "成果のうち40%は当社のおかげです。", "アプローチによる成果は12件です。",
        "アクションの効果は3件です。",
    ],
)  # fmt: skip
def test_a_claim_is_found(text: str) -> None:
    assert claims_of_cause(text) == [text]
    assert claims_of_cause(text.rstrip(".。") + " (drawn by lot).") == []


def test_no_text_of_the_kit_claims_it() -> None:
    found = []
    for message in make.read_catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        twins = message.string if isinstance(message.string, tuple) else (message.string,)
        found += [text for text in (*ids, *twins) if text and claims_of_cause(text)]
    assert found == []


def test_no_notebook_claims_it() -> None:
    found = []
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            texts = ["".join(cell["source"])] if cell["cell_type"] == "markdown" else []
            texts += ["".join(out.get("text", "")) for out in cell.get("outputs", ())]
            found += [(path.name, one) for text in texts for one in claims_of_cause(text)]
    assert found == []
