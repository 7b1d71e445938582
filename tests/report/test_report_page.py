"""report.html: complete, escaped, without network, the same bytes twice; absent frames are said."""

import html
import re

import pandas as pd
import pytest

from segment_lib import plots
from segment_lib.approach import page_of
from segment_lib.approach.said import says_addresses
from segment_lib.report import build_report
from segment_lib.report.decisions_said import (
    in_short,
    review_state,
    says_actions,
    says_not_approached,
    says_plan,
    says_week,
    what_if_wrong,
)
from segment_lib.report.frames import given
from segment_lib.report.results_said import says_results, says_target
from segment_lib.report.sentences import reason_words, says_money, says_register, standing
from segment_lib.report.signed_said import decided_values, says_decided, section_said
from segment_lib.report.tables import decided_table, main_table, target_table
from segment_lib.settings.decisions import ShouldNotRow
from segment_lib.voice import language, to_share

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
    names = ("ledger", "deciles", "decision_summary", "customers", "rules")
    few = {name: frames[name] for name in names}
    few["customers"] = few["customers"].assign(contact_person="<script>alert(1)</script>")
    return few


def test_the_page_says_everything_in_english(client, frames):
    text, words = words_of(build_report(client, frames))
    for number in range(1, 12):
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
    assert "The table hours lacks customers, hours_before, hours_after." in words


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


def test_orders_and_money_stand_beside_who_ordered(client):
    """What one lays beside one's own books first."""
    customers = pd.DataFrame({"frequency": [2, 0, 1], "monetary": [1200.0, 0.0, 50.0]})
    assert says_register({"customers": customers}, client) == [
        "The register names 3 customers. 2 of them have ordered. "
        "The 3 orders come to ¥1,250 after returns."
    ]
    with language("ja"):
        assert (
            "ご注文は3件、返品を差し引いて1,250円です。"
            in says_register({"customers": customers}, client)[0]
        )
    gross = client.model_copy(
        update={"rules": client.rules.model_copy(update={"returns": "ignore"})}
    )
    assert says_register({"customers": customers}, gross)[0].endswith("orders come to ¥1,250.")


def test_kept_doubts_are_said_in_the_language_of_the_report(client):
    sentence = (
        '{"text": "{count:,} order row(s) lie before {year}", "fields": {"count": 3, "year": 1990}}'
    )
    kept = {"list": "", "about": "early_days", "sentence": sentence, "signed": True}
    frames = {"register_doubts": pd.DataFrame([kept])}
    assert says_register(frames, client) == [
        "all lists: 3 order row(s) lie before 1990 (looked at, and left as it is)."
    ]
    with language("ja"):
        assert says_register(frames, client) == [
            "すべての一覧: 注文の行のうち 3 件は 1990 年より前の日付です"
            "（確認済み。このままとする）。"
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
        "“hearing_sheet = done and staff <= 20”: of 260 such customers who were kept apart to "
        "check the rule, 65% got results (95% interval 59% to 71%), against 34% of all who were "
        "looked at. In the whole list 349 of 512 did."
    )
    nothing = {"rules": frames["rules"].assign(verdict="not_confirmed")}
    assert says_results(nothing, client) == [
        "12,480 combinations were looked at; nothing is more than chance."
    ]


def test_whom_to_look_for_is_counted_and_named(client, frames, frames_ja):
    says = says_target(frames, client)
    assert says[2] == (
        "Industry: most frequent among those with results: 飲食 (150 of 400 got results, 38%; 700 "
        "in the list), 小売 (60 of 200 got results, 30%; 300 in the list)."
    )
    assert says[-1].startswith("18 main customers did all requests or became fans")
    table = target_table(frames["target"], client)
    assert [row[1] for row in table.rows] == ["飲食", "小売", "士業", "社長"]
    assert table.rows[2][4:] == ["—", "—", "—"], "no rate of fewer than ten"
    named = main_table(frames["main_customers"], client)
    assert named.rows[0][0].endswith("様")
    assert len(named.rows) == 15
    assert named.more == "… and 3 more in customers.parquet"
    with language("ja"):
        _text, words = words_of(build_report(client, frames_ja))
    assert "ターゲット像" in words
    assert "メインのお客様" in words


def test_whom_to_look_for_where_nothing_is_known(client, frames):
    part = words_of(build_report(client, {}))[0]
    part = part.partition('<section id="target">')[2].partition("</section>")[0]
    assert "Whom to look for is said where it is known who got results" in part
    assert "<table" not in part
    none = {name: frames[name].iloc[:0] for name in ("target", "target_spread", "main_customers")}
    assert [one[:29] for one in says_target(none, client)] == [
        "No attribute in words is know",
        "Nobody is known to have done ",
    ]
    part = words_of(build_report(client, none))[0].partition('<section id="target">')[2]
    assert "<table" not in part.partition("</section>")[0]


def test_who_never_started_is_told_apart_from_whose_result_is_still_open(client):
    def said(whys):
        answers = ["yes", "no", *["unknown"] * len(whys)]
        people = pd.DataFrame({"got_results": answers, "why_unknown": [None, None, *whys]})
        return says_results({"customers": people}, client)[0].partition("did not. ")[2]

    assert said(["no_start", "not_started", "too_early"]) == (
        "2 never started with us, and for 1 more it is not yet known; they count as neither."
    )
    assert said(["no_start"]) == "1 never started with us, and count as neither."
    assert said(["too_early"]) == "For 1 it is not yet known, and they count as neither."
    assert said([]) == ""


def test_each_declaration_has_its_own_row_and_its_own_signature(client):
    rows = [
        ShouldNotRow(because="Rivals", conditions=("sort = rival",), decided_by="佐藤"),
        ShouldNotRow(because="Asked in person", customers=("C1", "C2")),
    ]
    policy = client.contact_policy.model_copy(update={"should_not": tuple(rows)})
    declared = client.model_copy(update={"contact_policy": policy})
    told = {row[0]: row[1:] for row in decided_table(declared).rows}
    assert told["Declared by us: Rivals"] == ["Sort is rival.", "佐藤, —"]
    assert told["Declared by us: Asked in person"][0] == "2 customers by number."
    assert "Declared by us: Asked in person" in says_decided({}, declared)[0]
    assert "Declared by us: Rivals" not in says_decided({}, declared)[0]


def test_nobody_who_looked_at_anything_is_said_as_a_number(client, frames):
    people = {"customers": frames["customers"]}
    assert review_state(people, client) == (
        "0 of 40 customers were looked at by a person. What nobody has looked at one by one is "
        "provisional."
    )


def test_the_not_approached_are_counted_with_their_reasons(client, frames):
    says = says_not_approached(frames, client)
    assert says[0] == (
        "Of 3,000 customers 646 are not approached: 590 because our effort would bring them no "
        "result today; 44 because they asked not to be contacted; 12 because we declared so and "
        "signed it. Nobody under contract is among them."
    )
    assert "An approach pays from a success rate of 16.0% on." in says[1]
    assert says[2].startswith("31 who would have been left out are approached all the same")
    assert says[3] == (
        "In the last 90 days 26 hours a month went to 39 customers who are not approached now; "
        "they become free. 佐藤: 18 hours, which stay there. 鈴木: 7.5 hours, which may go to 内勤."
    )


def test_without_value_and_cost_nobody_is_called_not_worth_it(client, frames):
    bare = client.model_copy(update={"worth": type(client.worth)()})
    assert says_not_approached(frames, bare)[1] == (
        "No value or cost is stated in [worth], so nobody is called not worth the effort."
    )


def test_the_short_version_is_five_points_and_begins_with_the_plan(client, frames):
    short = in_short(frames, client)
    assert len(short) == 5
    assert short[0] == (
        "20 actions are planned for 4 owners in 4 weeks, Tue 1 July – Mon 28 July 2025: 24 hours "
        "in all. 6 more (8.5 hours) wait for hours."
    )
    assert says_plan(frames, client)[0].endswith(
        "6 actions (8.5 hours) do not fit into the weeks and wait: 0 proposals to customers we "
        "serve, 3 other actions for them, 3 for everybody else. 2 more wait because we were in "
        "touch lately."
    )
    assert in_short({}, client) == []
    assert len(in_short({"ledger": frames["ledger"]}, client)) == 1


def test_every_decision_is_counted_planned_or_not(client, frames, frames_ja):
    assert in_short(frames, client)[1].startswith(
        "What is right for whom, whatever hours there are: Approach 12 (in these weeks 8); Not "
        "approached 9; Grow 8 (in these weeks 8); Recover 6 (in these weeks 3); Keep serving 2 (in "
        "these weeks 1); Not now 3. Of "
    )
    with language("ja"):
        assert says_plan(frames_ja, client)[0].startswith(
            "2025年7月1日（火）〜7月28日（月）の4週間に、20件のアクションを計画しています"
            "（担当4名、合計24時間）。"
        )


def test_a_page_of_every_owner_stands_in_the_report(client, frames):
    text, words = words_of(build_report(client, {"customers": frames["customers"]}))
    assert re.findall(r"<h3>(.*?)</h3>", text) == ["佐藤", "田中", "鈴木", "高橋"]
    assert "Week 1: Tue 1 July – Mon 7 July 2025" in words
    assert 'data-label="Why now">In its turn.</td>' in text
    assert 'data-label="Planned day">Tue 1 July</td>' in text


def test_what_is_beyond_the_page_of_an_owner_is_counted(client, frames):
    rows = frames["customers"]
    rows = rows.assign(
        owner="佐藤", planned_week=rows["planned_week"].where(rows["planned_week"].isna(), 1)
    )
    _text, words = words_of(build_report(client, {"customers": rows}))
    assert "… and 5 more on this owner's sheet of actions.xlsx" in words


def test_a_week_says_its_days_its_hours_and_with_whom_it_starts(client, frames):
    page = page_of(frames["customers"], "佐藤")
    assert says_week(page, client) == (
        "Week 1: Tue 1 July – Mon 7 July 2025: 2 actions, 1.0 hours. It starts with 髙﨑建材㈱様."
    )
    assert says_week(page.head(0), client) == "Nothing is planned in this week."
    with language("ja"):
        assert says_week(page, client) == (
            "第1週：2025年7月1日（火）〜7月7日（月）。2件、1.0時間です。最初は髙﨑建材㈱様です。"
        )


def test_the_list_says_what_it_costs_if_it_is_wrong_and_the_claim_is_tested(client, frames):
    says = what_if_wrong(frames, client)
    assert says[0].startswith("Approaching all ")
    assert says[-1] == (
        "Ordered again: 60.5% of 600 with results, 55.1% of 795 without. Difference +5.4 points "
        "(+0.2 to +10.6): more than chance."
    )
    assert what_if_wrong({}, client) == []


def test_what_people_decided_stands_with_its_values_and_who_signed(client):
    assert section_said("[worth]") == "Cost and value of an approach"
    assert section_said("[teams.内勤]") == "Team: 内勤"
    by_interval = client.rfm.model_copy(update={"f": "interval", "interval_cuts": (90, 60, 30, 15)})
    assert decided_values("[rfm]", client.model_copy(update={"rfm": by_interval})).endswith(
        "days between orders: 90, 60, 30, 15; spend: cut into equal parts. ABC at 70% and 90% of "
        "the spend."
    )
    assert decided_values("[worth]", client).startswith(
        "An approach costs ¥16,000, a customer with results is worth ¥100,000"
    )
    (unsigned,) = says_decided({}, client)
    assert "Hours a month" in unsigned
    assert "Cost and value" not in unsigned
    assert "the actions (17 of 17 are defaults)" in unsigned


def test_an_empty_customer_list_is_no_error(client):
    empty = pd.DataFrame({"decision": [], "reason": [], "got_results": []})
    assert build_report(client, {"customers": empty}).is_file()


def ordered_within(client, days=365):
    contract = client.contract.model_copy(
        update={"under_contract": "ordered_within", "ordered_within_days": days}
    )
    return client.model_copy(update={"contract": contract})


def test_who_is_served_is_called_by_the_rule_that_says_so(client, few):
    people = {"customers": few["customers"].assign(under_contract=True, waits_because="")}
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


def test_that_nothing_changes_is_not_said_where_help_waits_for_hours(client, frames):
    late = frames["customers"].assign(under_contract=True, waits_because="no_hours")
    n = int(late["purpose"].ne("propose").sum())
    assert standing({"customers": late}, client) == (
        f"{STANDING['en']} {n} actions for customers we serve wait, because the hours are too few."
    )


def test_no_contract_is_spoken_of_where_orders_say_who_is_served(client, few):
    served = few["customers"].assign(under_contract=True, waits_because="")
    frames = few | {"customers": served}
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


def test_nothing_is_said_of_hours_where_none_were_spent(client):
    summary = {"decision": ["approach", "grow"], "reason": ["in_doubt", "gets_results"]}
    summary = pd.DataFrame(summary | {"customers": [20, 4]})
    none = pd.DataFrame({"owner": [], "customers": [], "hours": [], "goes_to": []})
    said = says_not_approached({"freed": none, "decision_summary": summary}, client)
    assert said[0] == "Nobody is left out: each of the 24 customers has an action or a day."
    assert not any("become free" in sentence for sentence in said)


def test_actions_are_those_of_the_weeks_and_what_waits_is_said_apart(client):
    load = pd.DataFrame(
        {"owner": ["佐藤"] * 3, "week": [0, 1, 2], "actions": [5, 4, 3], "hours": [9.0, 6, 4.5]}
    ).assign(capacity_hours=6.0)
    assert says_actions({"owner_load": load}, client) == [
        "7 actions for 1 owner, 10 hours in all. 5 actions more (9.0 hours) do not fit into the "
        "weeks: 佐藤."
    ]
    with language("ja"):
        assert says_actions({"owner_load": load}, client) == [
            "アクションは7件（担当1名、合計10時間）です。ほかに5件（9.0時間）はこの期間に収まりません"
            "（佐藤）。"
        ]
    free = load.assign(owner="unassigned").query("week > 0")
    assert says_actions({"owner_load": free}, client) == [
        "7 actions, 10 hours in all; no owner is named yet."
    ]


def test_a_copy_to_share_does_not_miss_the_addresses_that_it_took_out():
    plan = pd.DataFrame({"channel": ["mail", "call"], "action": ["a", "b"], "reason": ["", ""]})
    plan = plan.assign(planned_on=pd.Timestamp("2026-07-01"), decision="approach")
    assert len(says_addresses(plan, pd.DataFrame(index=["C1"]))) == 2
    with to_share():
        assert says_addresses(plan, pd.DataFrame(index=["C1"])) == []
