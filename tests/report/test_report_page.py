"""report.html: complete, escaped, without network, the same bytes twice; absent frames are said."""

import html
import re

import pandas as pd
import pytest

from segment_lib import plots
from segment_lib.report import build_report
from segment_lib.report.decisions_said import five_sentences, says_actions, says_not_approached
from segment_lib.report.frames import given
from segment_lib.report.results_said import says_results
from segment_lib.report.sentences import reason_words, says_money, says_register, standing
from segment_lib.voice import language

STANDING = {
    "en": "This is a decision about where our hours go, not about the worth of a customer.",
    "ja": "お客様の価値ではなく、当社が時間をどこに使うかの判断です。",
}


def words_of(path):
    text = re.sub(r"data:image[^\"]*", "", path.read_text(encoding="utf-8"))
    return text, html.unescape(re.sub(r"<[^>]*>", " ", text))


@pytest.fixture(scope="module")
def few(frames):
    """Frames that draw quickly; one of them holds what a hostile list might hold."""
    return few_of(frames)


def few_of(frames):
    names = ("ledger", "deciles", "decision_summary", "monday", "customers", "rules")
    few = {name: frames[name] for name in names}
    few["monday"] = frames["monday"].assign(name="<script>alert(1)</script>")
    return few


def test_the_page_says_everything_in_english(client, frames):
    text, words = words_of(build_report(client, frames))
    for number in range(1, 9):
        assert f'id="part-{number}"' in text
    drawn = [one for one in plots.charts().values() if one.in_report]
    assert text.count("<img") == len(drawn)
    assert text.count('alt=""') == 0
    assert STANDING["en"] in words
    assert "What nobody has looked at one by one is provisional." in words
    assert "default, not decided yet (初期値・未決定)" in words
    assert "Not shown here" not in words


def test_the_page_in_japanese_speaks_of_customers_politely(client, frames_ja):
    with language("ja"):
        text, words = words_of(build_report(client, few_of(frames_ja)))
    assert '<html lang="ja">' in text
    assert STANDING["ja"] in words
    assert "架空のお店" in words
    assert "初期値・未決定" in words
    assert "様" in words
    assert not re.search(r"無駄|悪い顧客|捨て", words)


def test_nothing_from_the_data_is_markup_and_nothing_is_fetched(client, few):
    path = build_report(client, few)
    text, _ = words_of(path)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "A &lt;b&gt;shop&lt;/b&gt; &amp; more" in text
    assert not re.search(r"https?://|//cdn|@import|url\(", text)


def test_two_runs_write_the_same_bytes(client, few):
    first = build_report(client, few).read_bytes()
    assert build_report(client, few).read_bytes() == first
    assert b"\r\n" not in first


def test_absent_frames_leave_a_sentence_that_says_what_opens_them(client):
    text, words = words_of(build_report(client, {}))
    assert "<img" not in text
    assert "Do the stated guesses hold? It needs outcomes and [[hypotheses]]" in words
    with language("ja"):
        _, words = words_of(build_report(client, {"deciles": None}))
    assert "必要なもの：注文の表（orders）" in words


def test_a_frame_that_lacks_a_column_is_named(client, frames):
    _, words = words_of(build_report(client, {"hours": frames["hours"][["decision"]]}))
    assert "The table hours lacks hours_before, hours_after." in words


def test_an_open_report_is_not_lost(client, monkeypatch):
    path = build_report(client, {})
    path.unlink()
    path.mkdir()  # a folder in its place cannot be written, like a file that is open elsewhere

    def refused(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "open elsewhere")
        return len(self.write_bytes(args[0].encode()) * "x")

    monkeypatch.setattr(type(path), "write_text", refused)
    assert build_report(client, {}).name == "report (2).html"


def test_every_chart_stands_in_the_page_or_says_that_it_is_for_notebooks(client, frames):
    _, words = words_of(build_report(client, {}))
    for name, one in plots.charts().items():
        assert (f"{plots.ask(name)} It needs " in words) == one.in_report, name


def test_a_column_called_otherwise_by_a_room_is_taken(frames):
    summary = frames["decision_summary"].rename(columns={"customers": "people"})
    assert "customers" in given({"decision_summary": summary}, "decision_summary")


def test_the_ledger_sentence_counts_every_row(client, frames):
    says = says_register({"ledger": frames["ledger"]}, client)
    assert says == [
        "4 lists held 39,345 rows: 38,414 are in the register, 817 were set aside, each with its "
        "reason, and 114 were folded because they said the same twice. "
        "The ledger balances to the row."
    ]


def test_money_and_results_are_put_side_by_side(client, frames, frames_ja):
    says = says_money(frames, client)
    assert says[0] == (
        "The top tenth, 180 customers, bring 46% of the spend; the top three tenths bring 74%."
    )
    assert "31% of the top tenth got results, and 32% of all the others" in says[1]
    with language("ja"):
        assert says_money(frames_ja, client)[0] == (
            "上位1割の180名で売上の46%、上位3割では74%を占めます。"
        )


def test_results_speak_with_their_doubt(client, frames):
    says = says_results(frames, client)
    assert says[1] == (
        "“hearing_sheet = done and staff <= 20”: of the 260 such customers in the half of the list "
        "that did not find the rule, 65% get results (95% interval 59% to 71%), against 34% of "
        "all. In the whole list 349 of 512 do."
    )
    nothing = {"rules": frames["rules"].assign(confirmed=False)}
    assert says_results(nothing, client) == [
        "12,480 combinations were looked at; nothing is more than chance."
    ]


def test_the_not_approached_are_counted_with_their_reasons(client, frames):
    says = says_not_approached(frames, client)
    assert says[0] == (
        "Of 3,000 customers 646 are not approached: 590 because our effort would bring them no "
        "result today; 44 because they asked not to be contacted; 12 because we declared so and "
        "signed it. Nobody under contract is among them."
    )
    assert "An approach pays from a success rate of 16.0% on." in says[1]
    assert says[2].startswith("31 who would have been left out are approached all the same")
    assert says[3] == "268 hours a month become free; more time goes to: Grow, Approach, Recover."


def test_without_value_and_cost_nobody_is_called_not_worth_it(client, frames):
    bare = client.model_copy(update={"worth": type(client.worth)()})
    assert says_not_approached(frames, bare)[1] == (
        "No value or cost is stated in [worth], so nobody is called not worth the effort."
    )


def test_the_short_version_is_five_sentences_and_shrinks_with_the_data(client, frames):
    assert len(five_sentences(frames, client)) == 5
    assert five_sentences({}, client) == []
    assert len(five_sentences({"ledger": frames["ledger"]}, client)) == 1


def test_an_empty_customer_list_is_no_error(client):
    empty = pd.DataFrame({"decision": [], "reason": [], "got_results": []})
    assert build_report(client, {"customers": empty}).is_file()


def ordered_within(client, days=365):
    contract = client.contract.model_copy(
        update={"under_contract": "ordered_within", "ordered_within_days": days}
    )
    return client.model_copy(update={"contract": contract})


def test_who_is_served_is_called_by_the_rule_that_says_so(client, few):
    people = {"customers": few["customers"].assign(under_contract=True)}
    assert standing(people, client).endswith("Nothing changes for customers under contract.")
    assert standing(people, ordered_within(client)).endswith(
        "Nothing changes for customers who ordered within 365 days."
    )
    with language("ja"):
        assert standing(people, ordered_within(client, 90)).endswith(
            "お取引中（90日以内にご注文）のお客様への対応は変わりません。"
        )
    nobody = {"customers": few["customers"].assign(under_contract=False)}
    assert standing(nobody, client) == STANDING["en"]
    with language("ja"):
        assert standing(nobody, client) == STANDING["ja"]


def test_no_contract_is_spoken_of_where_orders_say_who_is_served(client, few):
    frames = few | {"customers": few["customers"].assign(under_contract=True)}
    who = ordered_within(client)
    for spoken, not_this, this in (
        ("en", "under contract", "who ordered within 365 days is among them"),
        ("ja", "ご契約中", "お取引中（365日以内にご注文）の方は含みません"),
    ):
        with language(spoken):
            said = " ".join(
                [
                    *says_not_approached(frames, who),
                    *says_register(frames, who),
                    standing(frames, who),
                ]
            )
        assert not_this not in said
        assert this in said


def test_a_reason_speaks_of_no_contract_where_there_is_none(client):
    assert reason_words("on_the_way", client) == "Under contract, result still open"
    assert reason_words("on_the_way", ordered_within(client)) == "A customer, result still open"
    with language("ja"):
        assert reason_words("on_the_way", ordered_within(client)) == "お取引中・成果はこれから"


def test_hours_become_free_only_by_whom_we_do_not_approach(client):
    hours = {"decision": ["approach", "grow"], "hours_before": [30.0, 5], "hours_after": [30.0, 9]}
    summary = {"decision": ["approach", "grow"], "reason": ["in_doubt", "gets_results"]}
    summary = pd.DataFrame(summary | {"customers": [20, 4]})
    said = says_not_approached({"hours": pd.DataFrame(hours), "decision_summary": summary}, client)
    assert said[0] == "Nobody is left out: each of the 24 customers has an action or a day."
    assert not any("become free" in sentence for sentence in said)


def load(**columns):
    return {"owner_load": pd.DataFrame({"actions": [4], "waiting": [0]} | columns)}


def test_nobody_is_no_owner(client):
    free = load(owner=["unassigned"], hours=[6.0], capacity_hours=[float("nan")])
    assert says_actions(free, client) == ["4 actions, 6.0 hours in all; no owner is named yet."]
    with language("ja"):
        assert says_actions(free, client) == [
            "アクションは4件、合計6.0時間です。担当はまだ決まっていません。"
        ]
    tight = load(owner=["unassigned"], hours=[6.0], capacity_hours=[5.0])
    assert says_actions(tight, client) == [
        "4 actions, 6.0 hours in all; no owner is named yet. That is more than the 5.0 hours "
        "stated."
    ]
    own = load(owner=["佐藤"], hours=[6.0], capacity_hours=[float("nan")])
    assert says_actions(own, client) == ["4 actions for 1 owner, 6.0 hours in all."]
    own = load(owner=["佐藤"], hours=[6.0], capacity_hours=[8.0])
    assert says_actions(own, client) == [
        "4 actions for 1 owner, 6.0 hours in all. It fits into everyone's hours."
    ]
