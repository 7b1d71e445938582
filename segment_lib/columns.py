"""Every public column and every coded value: name, kind, unit, meaning, English and Japanese label.

Code takes names from here; notebooks write the plain string. A test keeps this page and the tables
that the library returns in step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

import pandas as pd

from segment_lib.voice import LANGUAGES, language, pgettext

Kind = Literal["text", "date", "money", "integer", "number", "yes_no", "code"]


@dataclass(frozen=True)
class Column:
    """One public column: its dictionary, name, kind, unit, meaning in one sentence, and label."""

    dictionary: str
    name: str
    kind: Kind
    unit: str
    meaning: str
    label: str

    def __str__(self) -> str:
        return pgettext(self.dictionary, self.label)

    @property
    def english(self) -> str:
        """The label in English."""
        return self.label


def _rows(dictionary: str, *rows: tuple[str, Kind, str, str, str]) -> dict[str, Column]:
    return {row[0]: Column(dictionary, *row) for row in rows}


# fmt: off
# --- what a business has: the register -------------------------------------------------------
REGISTER_COLUMNS = _rows(
    "column",
    ("customer_id", "text", "", "Who: one person or company; always text", "Customer id"),
    ("name", "text", "", "The name of the company or person", "Name"),
    ("contact_person", "text", "", "Whom we talk to there", "Contact person"),
    ("sort", "code", "", "End user or partner: the must-have sort", "Sort"),
    ("attitude", "code", "", "How they stand towards us", "Attitude"),
    ("attitude_on", "date", "day", "When the attitude was noted", "Attitude noted on"),
    ("needs", "text", "", "What they need, in words", "Needs"),
    ("potential_amount", "money", "currency a year", "How much they could buy", "Potential"),
    ("key_account", "yes_no", "", "A key account to hold, signed by a person", "Key account"),
    ("under_contract", "yes_no", "", "A contract runs now", "Under contract"),
    ("contract_on", "date", "day", "Day the first contract began", "Contract since"),
    ("referred_by", "text", "", "customer_id of who sent them", "Referred by"),
    ("owner", "text", "", "Who of us looks after them", "Owner"),
    ("first_contact_on", "date", "day", "Day of the first touch", "First contact"),
    ("telephone", "text", "", "Telephone number as digits", "Telephone"),
    ("email", "text", "", "E-mail address", "E-mail"),
    ("address", "text", "", "Postal address", "Address"),
    ("order_id", "text", "", "One purchase", "Order"),
    ("ordered_on", "date", "day", "Day of the order", "Ordered on"),
    ("amount", "money", "currency", "Gross amount", "Amount"),
    ("lines", "integer", "lines", "Lines in the order", "Lines"),
    ("product", "text", "", "Article", "Product"),
    ("product_line", "text", "", "Family of articles bought in one rhythm", "Product line"),
    ("quantity", "number", "pieces", "Pieces", "Quantity"),
    ("unit_price", "money", "currency", "Price of one piece", "Unit price"),
    ("campaign", "text", "", "The campaign, boom or sale that set it off", "Campaign"),
    ("margin", "money", "currency", "Gross margin", "Margin"),
    ("adjusted_on", "date", "day", "Day of the return, cancellation or correction", "Adjusted on"),
    ("kind", "code", "", "What kind of touch, or of adjustment", "Kind"),
    ("deal_id", "text", "", "One deal", "Deal"),
    ("opened_on", "date", "day", "Day the deal was opened", "Opened on"),
    ("proposed_on", "date", "day", "Day the proposal or quote was sent", "Proposed on"),
    ("decided_on", "date", "day", "Day it was decided", "Decided on"),
    ("won", "yes_no", "", "The deal was won", "Won"),
    ("ended_on", "date", "day", "Day the contract of the deal ended; empty while it runs", "Ended on"),
    ("contacted_on", "date", "day", "Day of the touch", "Contacted on"),
    ("channel", "text", "", "Mail, telephone, visit …", "Channel"),
    ("direction", "code", "", "in: from the customer, out: from us", "Direction"),
    ("intent", "code", "", "Did we give something or ask for something", "Intent"),
    ("step", "text", "", "Which request of the business's own list", "Step"),
    ("asked_on", "date", "day", "Day the request was sent", "Asked on"),
    ("answered_on", "date", "day", "Day it was answered", "Answered on"),
    ("done_well", "yes_no", "", "Properly done", "Done well"),
    ("effort_hours", "number", "hours", "Our hours", "Hours"),
    ("used_on", "date", "day", "Day of use", "Used on"),
    ("feature", "text", "", "What was used", "Feature"),
    ("got_results", "code", "", "Did the customer get results: yes, no, not yet known", "Results"),
    ("measure", "number", "", "The measured result", "Measure"),
    ("occurred_on", "date", "day", "Day it went wrong", "Occurred on"),
    ("responded_on", "date", "day", "Day we first responded", "Responded on"),
    ("recovered_on", "date", "day", "Day the customer said it was put right", "Recovered on"),
    ("next_delivery_on", "date", "day", "Day of the next delivery after it", "Next delivery"),
    ("exceeded", "yes_no", "", "That delivery exceeded the expectation", "Exceeded"),
    ("severity", "text", "", "How bad it was", "Severity"),
    ("justified", "yes_no", "", "False only if a person signed that it was unreasonable", "Justified"),
    ("allowed", "yes_no", "", "We may use this channel", "Allowed"),
    ("since", "date", "day", "Since when", "Since"),
)

# The tables of the register: columns in order; the first names are enough to start.
TABLES: dict[str, tuple[str, ...]] = {
    "customers": (
        "customer_id", "name", "contact_person", "sort", "attitude", "attitude_on", "needs",
        "potential_amount", "key_account", "under_contract", "contract_on", "referred_by", "owner",
        "first_contact_on", "telephone", "email", "address",
    ),
    "orders": ("order_id", "customer_id", "ordered_on", "amount", "lines", "campaign", "margin"),
    "order_lines": (
        "order_id", "customer_id", "ordered_on", "product", "product_line", "quantity", "amount",
        "campaign", "margin",
    ),
    "adjustments": ("customer_id", "adjusted_on", "amount", "order_id", "kind", "product_line"),
    "deals": (
        "customer_id", "deal_id", "opened_on", "proposed_on", "decided_on", "won", "ended_on", "amount",
        "owner",
    ),
    "contacts": (
        "customer_id", "contacted_on", "kind", "channel", "direction", "intent", "step", "asked_on",
        "answered_on", "done_well", "effort_hours", "owner",
    ),
    "usage": ("customer_id", "used_on", "feature"),
    "outcomes": ("customer_id", "got_results", "decided_on", "measure"),
    "incidents": (
        "customer_id", "occurred_on", "responded_on", "recovered_on", "next_delivery_on", "exceeded",
        "severity", "justified",
    ),
    "permissions": ("customer_id", "channel", "allowed", "since"),
    "summaries": (
        "customer_id", "frequency", "monetary", "recency_days", "last_order_on", "first_order_on",
    ),
}

# Enough to start: what a list must map before it can become this table.
REQUIRED: dict[str, tuple[str, ...]] = {
    "customers": ("customer_id",),
    "orders": ("customer_id", "ordered_on", "amount"),
    "order_lines": ("customer_id", "ordered_on", "amount"),
    "adjustments": ("customer_id", "adjusted_on", "amount"),
    "deals": ("customer_id", "deal_id", "opened_on"),
    "contacts": ("customer_id", "contacted_on"),
    "usage": ("customer_id", "used_on"),
    "outcomes": ("customer_id", "got_results"),
    "incidents": ("customer_id", "occurred_on"),
    "permissions": ("customer_id", "channel", "allowed"),
    "summaries": ("customer_id", "frequency"),
}
# Columns of a list that say something about its rows and are no columns of the table.
READ_ALONG = ("status", "unit_price", "cancelled_on", "tax_rate", "original_order_id")
# --- what the kit makes: one row per customer ------------------------------------------------
MEASURE_COLUMNS = _rows(
    "measure",
    ("as_of", "date", "day", "The day we pretend it is; nothing later is used", "As of"),
    ("first_order_on", "date", "day", "Day of the first order", "First order"),
    ("last_order_on", "date", "day", "Day of the last order", "Last order"),
    ("recency_days", "integer", "days", "as_of minus the last order", "Recency"),
    ("frequency", "integer", "orders", "Orders, the first included", "Frequency"),
    ("order_days", "integer", "days", "Distinct days with an order", "Order days"),
    ("monetary", "money", "currency", "Net sum of all orders", "Spend"),
    ("order_value", "money", "currency", "Mean net amount per order", "Mean order"),
    ("margin_sum", "money", "currency", "Sum of gross margin where known", "Margin"),
    ("returned_amount", "money", "currency", "Sum of returns and cancellations, not above 0", "Returned"),
    ("span_days", "integer", "days", "Last minus first order", "Span"),
    ("tenure_days", "integer", "days", "as_of minus the first order", "Tenure"),
    ("gap_days", "number", "days", "Median days between own consecutive order days", "Own gap"),
    ("longest_gap_days", "integer", "days", "Longest silence between own consecutive order days", "Longest gap"),
    ("campaign_share", "number", "share", "Share of own net spend in orders that a campaign set off", "Campaign share"),
    ("first_purchase_unknown", "yes_no", "", "Known before the lists begin: the first order may lie earlier", "First order unknown"),
    ("net_negative", "yes_no", "", "More came back than was paid", "Net negative"),
    ("r", "integer", "score", "Recency score, 5 = most recent", "R"),
    ("f", "integer", "score", "Frequency score, 5 = most often", "F"),
    ("m", "integer", "score", "Monetary score, 5 = highest spend", "M"),
    ("rfm_segment", "text", "", "Named cell group by signed rules", "RFM segment"),
    ("decile", "integer", "tenth", "Tenth of the customers by spend, 1 = top", "Decile"),
    ("five_type", "code", "", "First-time, toddler, steady, fad, loyal", "Type"),
    ("cpm_type", "code", "", "Type by the published CPM rule", "Type by CPM"),
    ("lapsed", "yes_no", "", "Silent for longer than the lapse limit", "Lapsed"),
    ("reactivated", "yes_no", "", "Came back after a silence longer than the lapse limit", "Came back"),
    ("due_from_on", "date", "day", "Next order expected from", "Due from"),
    ("due_on", "date", "day", "Day the next order falls due", "Due"),
    ("do_on", "date", "day", "Day by which the action is to be done", "Due"),
    ("due_to_on", "date", "day", "Next order expected until", "Due until"),
    ("overdue_days", "integer", "days", "Days past the expected range, 0 if not past it", "Overdue"),
    ("chance_30d", "number", "probability", "Chance of an order within 30 days", "Chance in 30 days"),
    ("usual_wait_days", "number", "days", "Half of all customers with so many orders are back by then", "Usual wait"),
    ("lapsed_after_days", "number", "days", "Silence from which the customer counts as lapsed", "Lapsed after"),
    ("stage", "code", "", "How far the relation has come; only forward", "Stage"),
    ("sub_stage", "code", "", "Rung within the stage", "Rung"),
    ("next_step", "text", "", "One rung on: the next step", "Next step"),
    ("skipped_stage", "yes_no", "", "Seems to have skipped a rung: ask about the data", "Rung skipped"),
    ("lost", "yes_no", "", "Never bought, a deal was lost, none is open", "Lost"),
    ("likelihood", "code", "", "How likely is a deal now", "Likelihood"),
    ("relationship", "code", "", "How good is the relation", "Relationship"),
    ("status", "code", "", "Where the customer stands now; rises and falls", "Status"),
    ("status_reason", "code", "", "The fact that set the status", "Why"),
    ("deal_state", "code", "", "State of the deal; a deal only goes forward", "Deal state"),
    ("proposal_age_days", "integer", "days", "Days since the proposal was sent", "Age of proposal"),
    ("steps_asked", "integer", "requests", "Requests we sent", "Requests sent"),
    ("steps_done", "integer", "requests", "Requests properly handled", "Requests done"),
    ("reply_days", "number", "days", "Median days to answer a request", "Days to reply"),
    ("did_all", "yes_no", "", "Did every request properly: a main customer", "Did all"),
    ("open_incident_since", "date", "day", "Since when an incident is open", "Open since"),
    ("incident_state", "code", "", "Open, recovered, fan, or none", "Incident"),
    ("cluster", "integer", "", "k-means cluster, ordered by a stated measure", "Cluster"),
    ("cluster_name", "text", "", "The cluster in words, from its tree path", "Cluster in words"),
    ("we_did_our_part", "yes_no", "", "The declared minimum of our own service was delivered", "Our part done"),
    ("effort_spent_hours", "number", "hours", "Our hours so far", "Hours spent"),
    ("field", "code", "", "Revenue crossed with results", "Field"),
    ("silent_leaver", "yes_no", "", "Pays, gets nothing, and has gone quiet", "Silent leaver"),
    ("p_worth_it", "number", "probability", "P(the rate is above break-even) of the own band", "P(worth it)"),
    ("worth_band", "integer", "", "Score band, 1 = lowest", "Band"),
    ("band_rate", "number", "rate", "Rate of success of the own band", "Rate of the band"),
    ("band_customers", "integer", "customers", "Decided customers in the own band", "Band size"),
    ("band_signed", "integer", "customers", "Of these, who signed", "Signed in the band"),
    ("band_known", "integer", "customers", "Known results in the own band", "Known in the band"),
    ("band_results", "integer", "customers", "Of these, who got results", "Results in the band"),
    ("like_the_learned", "yes_no", "", "Lies in the population the model learned on", "Like the learned"),
    ("signed", "yes_no", "", "Signed (yes) or lost (no); missing where nothing was decided", "Signed"),
    ("settled_on", "date", "day", "First day on which it was settled whether they sign", "Settled on"),
    ("opted_out", "yes_no", "", "No channel is allowed any more", "Opted out"),
    ("channels_refused", "text", "", "Channels the customer refused", "Channels refused"),
    ("declared", "text", "", "Why people decided not to approach, and who signed", "Declared"),
    ("last_contact_on", "date", "day", "Our own last touch", "Last contact"),
    ("priority", "integer", "rank", "1 = first", "Priority"),
    ("decision", "code", "", "What we decide", "Decision"),
    ("reason", "code", "", "The one main reason", "Reason"),
    ("all_reasons", "text", "", "All reasons, main one first", "All reasons"),
    ("evidence", "text", "", "The numbers behind it", "Evidence"),
    ("hold_out", "yes_no", "", "Approached anyway, so that the list can be proved wrong", "Hold-out"),
    ("review_on", "date", "day", "Day the decision is looked at again", "Review on"),
    ("action", "text", "", "What to do", "Action"),
    ("purpose", "code", "", "What the action is for", "Purpose"),
    ("override", "text", "", "What the reviewer decided instead", "Override"),
    ("override_why", "text", "", "The reviewer's reason in words", "Why overruled"),
    ("override_by", "text", "", "Who overruled", "Overruled by"),
    ("override_on", "date", "day", "When it was overruled", "Overruled on"),
)
# --- what a summary counts: ledgers, attributes, priorities ----------------------------------
SUMMARY_COLUMNS = _rows(
    "summary",
    ("list", "text", "", "The raw list, by its name in client.toml", "List"),
    ("table", "text", "", "The table of the register it became", "Table"),
    ("columns", "integer", "columns", "How many columns of the list client.toml maps", "Columns mapped"),
    ("enough", "text", "", "The columns that are enough to start", "Enough to start"),
    ("given_by", "text", "", "The lists that become the table", "Given by"),
    ("rows_in", "integer", "rows", "Rows of the list, the header left out", "Rows in"),
    ("kept", "integer", "rows", "Rows that went into the register", "Kept"),
    ("set_aside", "integer", "rows", "Rows that could not be used, each with its reason", "Set aside"),
    ("folded", "integer", "rows", "Rows that say again what another row says", "Folded"),
    ("money_in", "money", "currency", "Amounts of the list", "Money in"),
    ("money_kept", "money", "currency", "Amounts of the rows kept", "Money kept"),
    ("money_set_aside", "money", "currency", "Amounts of the rows set aside", "Money set aside"),
    ("money_folded", "money", "currency", "Amounts of the rows folded", "Money folded"),
    ("rows", "integer", "rows", "Rows", "Rows"),
    ("file", "text", "", "The file in which the row stands", "File"),
    ("row_number", "integer", "", "The row as a person sees it in the file", "Row"),
    ("column", "text", "", "The column over which the row stumbled", "Column"),
    ("value", "text", "", "What stands there", "Value"),
    ("note", "text", "", "What was chosen while reading", "Note"),
    ("header", "text", "", "The header of a column, as it stands in the list", "Header in the list"),
    ("first_row", "text", "", "What stands in the first row of the list", "First row"),
    ("pattern", "text", "", "A way of writing: every run of digits is one 9", "Way of writing"),
    ("patterns", "integer", "", "How many ways of writing a column has", "Ways of writing"),
    ("sha256", "text", "", "The fingerprint of a file: one changed cell, another fingerprint", "Fingerprint"),
    ("version", "code", "", "The tries of notebook 01 at one client.toml", "Version"),
    ("old_id", "text", "", "The customer_id that was merged away", "Old number"),
    ("new_id", "text", "", "The customer_id that stays", "New number"),
    ("refused", "integer", "customers", "Customers who have said no to a channel", "Refused"),
    ("total", "integer", "", "All rows, or all columns, of a table together", "Total"),
    ("new_or_existing", "code", "", "Whether the first order lies within the last 365 days", "New or existing"),
    ("ordered_lately", "number", "share", "Of those who ordered within the last 365 days", "Ordered within a year"),
    ("everybody_else", "number", "share", "Of those who did not", "Everybody else"),
    ("other_id", "text", "", "The other customer of a candidate pair", "Other customer"),
    ("keys", "text", "", "What is equal in both", "Equal in both"),
    ("differ", "text", "", "What both have, and is not equal", "Not equal"),
    ("score", "number", "", "How much the equal keys say, from 0 to 1", "Score"),
    ("score_band", "text", "", "Between which scores", "Score from – to"),
    ("pairs", "integer", "pairs", "Pairs of customers", "Pairs"),
    ("attribute", "text", "", "The attribute", "Attribute"),
    ("family", "text", "", "Family of attributes", "Family"),
    ("level", "text", "", "One value of the attribute", "Value"),
    ("known_at", "text", "", "When the attribute was known", "Known when"),
    ("customers", "integer", "customers", "How many customers", "Customers"),
    ("share", "number", "share", "Share of all", "Share"),
    ("share_missing", "number", "share", "Share of customers without a value", "Not given"),
    ("spend_last_year", "money", "currency", "Net spend of the last 365 days", "Spend, last year"),
    ("share_of_wallet", "number", "share", "Spend of the last year over the potential", "Our share"),
    ("still_open", "money", "currency", "Potential minus spend of the last year", "Still open"),
    ("orders", "integer", "orders", "How many orders", "Orders"),
    ("active", "integer", "customers", "Customers who have not lapsed", "Active"),
    ("spend", "money", "currency", "Net sum of the orders of all of them", "Spend"),
    ("spend_share", "number", "share", "Share of all spend", "Share of spend"),
    ("cumulative_share", "number", "share", "Share of spend, added up from the top", "Cumulative share"),
    ("share_of_all", "number", "share", "Share of the net total, returns deducted", "Share of all"),
    ("mean_spend", "money", "currency", "Mean spend of a customer", "Mean spend"),
    ("mean_order", "money", "currency", "Spend per order", "Mean order"),
    ("median_orders", "number", "orders", "Median number of orders", "Median orders"),
    ("median_recency_days", "number", "days", "Median days since the last order", "Median recency"),
    ("median_gap_days", "number", "days", "Median of the customers' own gaps", "Median gap"),
    ("tied_at_border", "integer", "customers", "Customers whose equal spend a border splits", "Tied at border"),
    ("margin_rate", "number", "share", "Margin over spend, where known", "Margin rate"),
    ("repeaters", "integer", "customers", "Customers with two order days or more", "Repeaters"),
    ("often_gap_days", "number", "days", "An own gap up to this is often", "Often: gap up to"),
    ("proposed_gap_days", "number", "days", "The own gap that the data propose as often", "Proposed: often up to"),
    ("loyal_after_days", "number", "days", "Span from which they count as loyal", "Loyal after"),
    ("loyal_spend", "money", "currency", "Spend from which a short span counts as fad", "Fad from spend"),
    ("stated", "text", "", "Which thresholds people stated", "Stated by people"),
    ("agree", "yes_no", "", "Both rules name the same type", "Same type"),
    ("days_at_most", "number", "days", "Days since the last order that still earn the score", "days since the last order, at most"),
    ("orders_at_least", "number", "orders", "Orders that earn the score", "orders, at least"),
    ("spend_at_least", "money", "currency", "Spend that earns the score", "spend, at least"),
    ("order_number", "integer", "", "Counted from the first order day", "After order"),
    ("returns", "integer", "orders", "Orders seen to follow", "Returns seen"),
    ("ever_back", "number", "share", "Share seen to order again at all", "Ever back"),
    ("from_days", "number", "days", "One in ten of those who return is back by then", "1 in 10 by day"),
    ("middle_days", "number", "days", "Half of those who return are back by then", "Half by day"),
    ("to_days", "number", "days", "Nine in ten of those who return are back by then", "9 in 10 by day"),
    ("section", "text", "", "A section of client.toml", "Section"),
    ("decided", "text", "", "Who decided it, and when", "Decided by"),
    ("activity", "code", "", "Active, cooling or quiet by the days since the last order", "Activity"),
    ("before", "code", "", "Label on the earlier day; new: not yet on that list", "Before"),
    ("after", "code", "", "Label on the later day; left: no longer on that list", "Now"),
    ("share_of_row", "number", "share", "Share of those with the same label before", "Share of row"),
    ("share_shown", "text", "", "The same in per cent, — where nobody was in the row", "Share of row"),
    ("expected_customers", "number", "customers", "How many chance alone would bring, if nobody changed", "Expected by chance"),
    ("z", "number", "deviations", "Seen minus expected, in standard deviations", "z"),
    ("stands_out", "yes_no", "", "More than chance: z beyond 3, false discoveries held", "Stands out"),
    ("cause", "code", "", "What moved the label: behaviour or a rule", "Cause"),
    ("deals", "integer", "deals", "How many deals", "Deals"),
    ("median_days", "number", "days", "Median days", "Median days"),
    ("revenue", "money", "currency", "Net sum of all orders", "Revenue"),
    ("profit", "money", "currency", "Gross margin of all orders, where known", "Profit"),
    ("beside_customers", "integer", "customers", "Lapsed or lost, beside the pyramid", "Beside"),
    ("k", "integer", "clusters", "Number of clusters tried", "K"),
    ("ari", "number", "0 to 1", "Agreement of the clusters when customers are drawn again", "Same when re-drawn"),
    ("prediction_strength", "number", "0 to 1", "Pairs that the other half's centres keep together", "Prediction strength"),
    ("smallest_share", "number", "share", "Share of customers in the smallest cluster", "Smallest cluster"),
    ("tree_accuracy", "number", "share", "Labels a depth-3 tree gives the other half rightly", "Tree accuracy"),
    ("inertia", "number", "", "Squared distances to the own centre, added up", "Inertia"),
    ("held_out_a_month", "integer", "customers", "Drawn this month to test the list", "Drawn this month"),
    ("needed", "integer", "customers", "Fewer than these cannot speak", "Needed"),
    ("months", "integer", "months", "Months to pool until there are enough", "Months to pool"),
    ("alarm_from", "integer", "customers", "So many successes or more say that the list is wrong", "Alarm from"),
    ("false_alarm", "number", "probability", "Chance of an alarm though the list is right", "False alarm"),
    ("power_at_break_even", "number", "probability", "Chance of an alarm if they succeed at break-even", "Sees a rate at break-even"),
    ("power_at_double", "number", "probability", "Chance of an alarm if they succeed at twice break-even", "Sees twice break-even"),
    ("successes", "integer", "customers", "Customers who did", "Did"),
    ("silhouette", "number", "-1 to 1", "Shown, never the chooser", "Silhouette"),
    ("passes", "yes_no", "", "Passes all four gates", "Passes"),
    ("share_of_customers", "number", "share", "Share of all with a cluster", "Share"),
    ("share_of_cluster_in_words", "number", "share", "For how many of the cluster the words are true", "Words fit"),
    ("share_of_words_in_cluster", "number", "share", "How many whom the words fit are in the cluster", "Words mean it"),
    ("median_monetary", "money", "currency", "Median spend", "Median spend"),
    ("median_frequency", "number", "orders", "Median orders", "Median orders"),
    ("median", "number", "", "Median of the measure", "median"),
    ("largest", "number", "", "Largest value of the measure", "largest"),
    ("largest_deviations", "number", "deviations", "The largest value, in standard deviations above the mean", "… in standard deviations above the mean"),
    ("largest_log_deviations", "number", "deviations", "The same after taking the logarithm", "… on the log scale"),
    ("why", "text", "", "Why, in words", "Because"),
    ("group", "text", "", "What the customers are sorted by", "Sorted by"),
    ("n", "integer", "customers", "Customers counted", "n"),
    ("rate", "number", "rate", "Share who succeeded", "Rate"),
    ("low", "number", "rate", "Lower end of the 95 % interval", "From"),
    ("high", "number", "rate", "Upper end of the 95 % interval", "To"),
    ("overall_rate", "number", "rate", "Rate of all with a known result", "All"),
    ("mean_distance", "number", "rate", "Distance of the groups from the overall rate", "Apart by"),
    ("by_chance", "number", "rate", "That distance if the cut said nothing", "Chance alone"),
    ("says", "text", "", "A guess, in words", "Guess"),
    ("verdict", "text", "", "Whether the guess holds", "Verdict"),
    ("use", "code", "", "searched, shown or barred", "Use"),
    ("rule", "text", "", "Conditions that hold together, in words", "Rule"),
    ("confirmed", "yes_no", "", "More than chance, all that was looked at allowed for", "Confirmed"),
    ("asked", "integer", "customers", "Customers asked", "Asked"),
    ("answered", "integer", "customers", "Customers who answered", "Answered"),
    ("done_so_far", "integer", "customers", "Did this request and all before it", "Done so far"),
    ("share_of_revenue", "number", "share", "Share of the revenue", "Share of revenue"),
    ("results", "integer", "customers", "Customers who got results", "With results"),
    ("share_of_results", "number", "share", "Share of those with results", "Share of results"),
    ("results_known", "integer", "customers", "Customers whose result is known", "Result known"),
    ("results_yes", "integer", "customers", "Customers who got results", "Did get results"),
    ("result_rate", "number", "rate", "Share with results, of the known", "Result rate"),
    ("followed_by", "text", "", "What happened after the result was judged", "Afterwards"),
    ("band", "integer", "", "Band of the score, 1 = lowest", "Score band"),
    ("known", "integer", "customers", "Signed, and their result is known", "Known"),
    ("what_if", "text", "", "A different assumption", "What if"),
    ("break_even", "number", "rate", "Rate from which an approach pays", "Break-even"),
    ("not_worth_it", "integer", "customers", "Left out as not worth it", "Left out"),
    ("no_contract", "integer", "customers", "Customers without a contract", "No contract"),
    ("part", "code", "", "Freed by the list, or where it goes", "Part"),
    ("overruled", "yes_no", "", "A person decided otherwise", "Overruled"),
    ("due_in_days", "integer", "days", "Days until the action is due", "Within days"),
    ("hours", "number", "hours", "Our hours of one month", "Hours in all"),
    ("hours_before", "number", "hours", "Hours if nothing were decided", "Hours before"),
    ("hours_after", "number", "hours", "Hours as decided", "Hours after"),
    ("capacity_hours", "number", "hours", "Hours this owner has", "Hours to spend"),
    ("actions", "integer", "actions", "Actions of this month", "Actions"),
    ("waiting", "integer", "actions", "Actions that wait for next month", "Waiting"),
)
# A list that is already summed up speaks in measures.
REGISTER_COLUMNS |= {name: MEASURE_COLUMNS[name] for name in TABLES["summaries"][1:]}
COLUMNS: dict[str, Column] = SUMMARY_COLUMNS | REGISTER_COLUMNS | MEASURE_COLUMNS

# --- coded values, in the order in which they are shown ---------------------------------------
VALUES: dict[str, dict[str, str]] = {
    "sort": {"end_user": "End user", "partner": "Partner"},
    "attitude": {
        "enthusiastic": "Enthusiastic",
        "positive": "Positive",
        "indifferent": "Indifferent",
        "negative": "Negative",
        "hostile": "Hostile",
    },
    "got_results": {
        "yes": "Got results",
        "no": "No result",
        "unknown": "Not yet known",
    },
    "new_or_existing": {
        "existing": "Existing",
        "new": "New",
        "no_order": "No order here",
    },
    "version": {
        "first_try": "1 First try",
        "mended_dates": "2 Dates mended",
        "status_explained": "3 Status explained",
    },
    "kind": {
        "name": "Name only",
        "mail": "Mail",
        "call": "Call",
        "met": "Met",
        "meal": "Meal or drinks",
        "return": "Return",
        "cancellation": "Cancellation",
        "correction": "Correction or rebate",
    },
    "direction": {"in": "From the customer", "out": "From us"},
    "intent": {"give": "Give", "ask": "Ask"},
    # The ten deciles are plain numbers; the row beside them needs words in both languages.
    "decile": {"0 or less": "0 or less"},
    # Product lines are named by the client; the row for all of them is ours.
    "product_line": {"(all)": "(all)"},
    "five_type": {
        "first_time": "First-time",
        "toddler": "Toddler",
        "steady": "Steady",
        "fad": "Fad",
        "loyal": "Loyal",
    },
    "cpm_type": {},
    "stage": {
        "acquaintance": "1 Acquaintance",
        "prospect": "2 Prospect",
        "customer": "3 Customer",
        "repeater": "4 Repeater",
    },
    "sub_stage": {
        "name_only": "Name only",
        "mail_or_call": "Telephone or e-mail only",
        "met_once": "Met once",
        "met_twice": "Met twice or more",
        "meal": "Had a meal together",
        "proposal": "Was given a proposal",
        "won_once": "Won one deal",
        "repeated_once_or_twice": "Repeated once or twice",
        "repeated_three_times": "Repeated three times or more",
    },
    "likelihood": {"high": "High", "middle": "Middle", "low": "Low"},
    "relationship": {"good": "Good", "fair": "Fair", "strained": "Strained"},
    "status": {
        "deciding_now": "A Deciding now",
        "likely": "B Likely",
        "nurture": "C Good relation, no deal yet",
        "pending": "D Pending",
        "quiet": "E Quiet",
        "repair_first": "R Repair first",
    },
    "status_reason": {
        "open_incident": "An incident is open",
        "unfriendly": "Attitude noted as negative or hostile",
        "asks_unanswered": "Our last requests stayed unanswered",
        "proposal_fresh": "A proposal went out lately, undecided",
        "due_in_touch": "The next order is due and they are in touch",
        "proposal_pending": "The proposal has been lying for a while",
        "due_now": "The next order is due",
        "deal_open": "A deal is open, no proposal yet",
        "in_touch": "Heard from them lately, no deal",
        "in_rhythm": "Orders in their own rhythm, not due yet",
        "friendly": "Well disposed, no deal",
        "overdue": "Past their own rhythm",
        "silent": "Nothing heard for long",
        "never_heard": "Never heard from them",
    },
    "activity": {
        "active": "Active",
        "cooling": "Cooling",
        "quiet": "Quiet",
    },
    # Rows and columns of a movement beside the labels themselves.
    "before": {"new": "New"},
    "after": {"left": "Left"},
    "cause": {
        "stayed": "Stayed",
        "by behaviour": "By behaviour",
        "by rule": "By the rule",
        "by both": "By both",
    },
    "deal_state": {
        "proposal_sent": "Proposal sent, undecided",
    },
    "incident_state": {
        "none": "None",
        "open": "Open",
        "recovered": "Recovered",
        "fan": "Fan",
    },
    "field": {
        "pays_and_gets_results": "Pays, gets results",
        "pays_gets_nothing": "Pays, gets no result",
        "gets_results_pays_little": "Gets results, pays little",
        "pays_little_gets_nothing": "Pays little, no result",
        "not_yet_known": "Result not yet known",
    },
    "decision": {
        "approach": "Approach",
        "not_approached": "Not approached",
        "grow": "Grow",
        "recover": "Recover",
        "keep_serving": "Keep serving",
        "not_now": "Not now",
    },
    "family": {
        "must-have sort": "Must-have sort",
        "geographic": "Geographic",
        "demographic": "Demographic",
        "psychographic": "Psychographic",
        "behavioural": "Behavioural",
        "company": "Company",
        "other": "Other",
    },
    "level": {"(missing)": "(missing)", "(all others)": "(all others)"},
    "known_at": {
        "standard": "Standard column",
        "before_contract": "Before the contract",
        "after_contract": "After the contract",
        "after_outcome": "After the result",
        "undated": "Nobody knows when",
    },
    # Words of the playbook; other words in a client's list are shown as they stand.
    "channel": {
        "call": "Telephone",
        "mail": "Mail",
        "visit": "Visit",
        "letter": "Letter",
        "as agreed": "As agreed",
        "none": "None",
    },
    "owner": {"unassigned": "Nobody yet"},
    "verdict": {
        "holds": "holds",
        "the_opposite": "the opposite",
        "cannot_tell": "cannot tell",
        "too_few": "too few",
    },
    "use": {
        "searched": "Searched",
        "shown": "Only shown",
        "barred": "Barred",
    },
    "part": {
        "freed": "Freed",
        "goes_to": "Goes to",
        "not_planned": "Not planned yet",
    },
    "purpose": {
        "understand": "Understand",
        "educate": "Educate",
        "trust": "Trust",
        "propose": "Propose",
        "recover": "Recover",
        "none": "None",
    },
}

# fmt: on
VALUES["cpm_type"] = VALUES["five_type"]
# A dictionary that stands in the room which gives its codes their meaning, under LABELS.
OWNED = {"reason": "segment_lib.approach.reasons"}
DICTIONARIES = {"cpm_type": "five_type"}  # whose labels are those of another column
SAID_ELSEWHERE: dict[str, Mapping[str, object]] = {}  # codes whose sentences stand in their room


def label(column: str) -> str:
    """The label of a column; a column this page does not know is shown under its own name."""
    return str(COLUMNS.get(column, column))


def value_label(column: str, value: object) -> object:
    """The label of a coded value: ``value_label("five_type", "loyal")``, in Japanese 優良客.

    >>> value_label("five_type", "loyal")
    'Loyal'
    """
    known = values_of(column).get(str(value))
    if known is None:
        said = SAID_ELSEWHERE.get(column, {}).get(str(value))
        return value if said is None else str(said)
    return pgettext(DICTIONARIES.get(column, column), known)


def values_of(column: str) -> dict[str, str]:
    """The codes of a column with their English labels, in the order in which they are shown."""
    if column in OWNED:
        return dict(import_module(OWNED[column]).LABELS)
    return VALUES.get(column, {})


def dictionary(column: str) -> pd.DataFrame:
    """One row per code of a column, with its label in English and in Japanese, side by side."""
    codes = list(values_of(column))
    words = {}
    for name, spoken in zip(("English", "日本語"), LANGUAGES, strict=True):
        with language(spoken):
            words[name] = [value_label(column, code) for code in codes]
    return pd.DataFrame(words, index=codes)


def labelled(frame: pd.DataFrame, **coded: str) -> pd.DataFrame:
    """A copy for display: coded values in words; column, index and axis names as labels.

    `coded` says what a column of another name holds: ``labelled(moves, before="status")``.
    """
    shown = frame.copy()
    holds = {name: name for name in shown.columns.intersection([*VALUES, *OWNED])}
    for column, named in [*holds.items(), *coded.items()]:
        shown[column] = [value_label(named, value) for value in shown[column]]
    shown.index = _labelled_axis(shown.index)
    if shown.columns.name in (*VALUES, *OWNED):
        return shown.set_axis(_labelled_axis(shown.columns), axis=1)
    named = shown.columns.name and label(str(shown.columns.name))
    return shown.rename(columns=lambda column: label(str(column))).rename_axis(columns=named)


def _labelled_axis(axis: pd.Index) -> pd.Index:
    """The axis with its name as label, and its values in words if its name has coded ones."""
    if isinstance(axis, pd.MultiIndex):
        return axis.set_names([None if name is None else label(str(name)) for name in axis.names])
    named = None if axis.name is None else label(str(axis.name))
    if axis.name in (*VALUES, *OWNED):
        return pd.Index([value_label(str(axis.name), value) for value in axis], name=named)
    return axis.rename(named)


def as_category(values: pd.Series, column: str) -> pd.Series:
    """`values` as an ordered categorical in the order of `VALUES[column]`."""
    return values.astype(pd.CategoricalDtype(list(values_of(column)), ordered=True))
