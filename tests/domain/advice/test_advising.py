"""The one function behind page, command and API: every combination has one method, with reasons that agree with it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstbell.domain.advice.advising import Advice, NothingKnown, advise
from firstbell.domain.advice.answers import (
    CURRENTS,
    FREQUENCIES,
    METHODS,
    MOBILITIES,
    Answers,
    BadAnswer,
    Current,
    Frequency,
    Mobility,
    read_answers,
)
from firstbell.domain.advice.settings import AdviceSettings, Thresholds
from firstbell.domain.districts.models import Method

DEFAULTS = AdviceSettings()
MORE = {
    "mobility": [{"mobility": "rarely"}, {"mobility": "often"}],
    "frequency": [{"frequency": "as-needed"}, {"frequency": "yearly"}, {"frequency": "weekly"}],
    "current": [{"current": "manual"}, {"current": "sis"}],
}
ACCOUNTS = st.one_of(st.integers(1, 400), st.integers(1, 10_000_000))

answers = st.builds(
    Answers,
    accounts=st.none() | ACCOUNTS,
    mobility=st.none() | st.sampled_from(MOBILITIES),
    frequency=st.none() | st.sampled_from(FREQUENCIES),
    current=st.none() | st.sampled_from(CURRENTS),
    single_school=st.just(False),
) | st.builds(
    Answers,
    accounts=st.none() | ACCOUNTS,
    frequency=st.none() | st.sampled_from(FREQUENCIES),
    current=st.none() | st.sampled_from(CURRENTS),
    single_school=st.just(True),
)
answered = answers.filter(lambda known: len(known.missing) < len(known.asked))


@st.composite
def bounds(draw: st.DrawFn) -> Thresholds:
    """Thresholds as a deployment may set them."""
    assisted_from = draw(st.integers(1, 300))
    assisted_to = draw(st.integers(assisted_from, 400))
    return Thresholds(assisted_from, assisted_to, draw(st.integers(assisted_from + 1, assisted_to + 1)))


def _advise(
    accounts: int | None = None,
    mobility: Mobility | None = None,
    frequency: Frequency | None = None,
    current: Current | None = None,
    *,
    single_school: bool = False,
) -> Advice:
    return advise(Answers(accounts, mobility, frequency, current, single_school), DEFAULTS)


def test_the_methods_are_those_of_districts() -> None:
    assert tuple(Method.values) == METHODS


@given(answered, bounds())
def test_every_combination_has_one_method_with_reasons_that_agree_with_it(known: Answers, limits: Thresholds) -> None:
    advice = advise(known, AdviceSettings(limits))
    assert advice.method in METHODS
    assert [reason.criterion for reason in advice.reasons] == [one for one in known.asked if one not in known.missing]
    assert [missing.criterion for missing in advice.missing] == list(known.missing)
    assert any(advice.method in reason.methods for reason in advice.reasons)
    assert advice.agrees == all(advice.method in reason.methods for reason in advice.reasons)
    assert all(reason.methods and reason.because for reason in advice.reasons)
    assert advice.decision
    assert advice.label in advice.decision


@given(answered, bounds())
def test_what_follows_is_of_the_method_and_sso_of_automated_only(known: Answers, limits: Thresholds) -> None:
    advice = advise(known, AdviceSettings(limits))
    assert advice.sso == (advice.method == "automated")
    assert ("No single sign-on" in advice.follows["sso"]) != advice.sso
    assert advice.next_steps == DEFAULTS.next_steps[advice.method]


@given(answered, ACCOUNTS, bounds())
def test_more_accounts_never_lead_to_less(known: Answers, accounts: int, limits: Thresholds) -> None:
    fewer = dataclasses.replace(known, accounts=known.accounts or 1)
    more = dataclasses.replace(known, accounts=max(accounts, fewer.accounts or 1))
    settings = AdviceSettings(limits)
    assert METHODS.index(advise(fewer, settings).method) <= METHODS.index(advise(more, settings).method)


@given(answered, st.sampled_from(sorted(MORE)), bounds())
def test_an_answer_that_asks_for_more_never_leads_to_less(known: Answers, criterion: str, limits: Thresholds) -> None:
    known = dataclasses.replace(known, single_school=False)
    asked = [dataclasses.replace(known, **answer) for answer in MORE[criterion]]  # type: ignore[arg-type]
    found = [METHODS.index(advise(each, AdviceSettings(limits)).method) for each in asked]
    assert found == sorted(found)


@given(answered)
def test_daily_is_as_weekly_and_an_integration_as_an_sis(known: Answers) -> None:
    for changed in (
        (dataclasses.replace(known, frequency="daily"), dataclasses.replace(known, frequency="weekly")),
        (dataclasses.replace(known, current="sis"), dataclasses.replace(known, current="integration")),
    ):
        one, other = (advise(each, DEFAULTS).method for each in changed)
        assert one == other


@pytest.mark.parametrize(
    ("accounts", "mobility", "frequency", "current", "method"),
    [
        (30, "rarely", "as-needed", "manual", "self_managed"),
        (120, "rarely", "yearly", "manual", "assisted"),
        (5000, "often", "daily", "sis", "automated"),
        (5000, "often", "weekly", "integration", "automated"),
        (49, "rarely", "as-needed", "manual", "self_managed"),
        (50, "rarely", "as-needed", "manual", "assisted"),
        (199, "rarely", "yearly", "manual", "assisted"),
        (200, "rarely", "yearly", "manual", "assisted"),
        (200, "often", "daily", "sis", "automated"),
        (201, "often", "daily", "sis", "automated"),
    ],
)
def test_each_method_is_advised_where_the_table_has_it(
    accounts: int, mobility: Mobility, frequency: Frequency, current: Current, method: str
) -> None:
    assert _advise(accounts, mobility, frequency, current).method == method


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_thirty_accounts_with_an_sis_that_change_daily_are_automated_and_it_says_why(frequency: Frequency) -> None:
    advice = _advise(30, "rarely", frequency, "sis")
    assert (advice.method, advice.agrees, advice.sso) == ("automated", False, True)
    assert "Head count" in advice.decision
    assert "would say Self-Managed" in advice.decision
    assert "How often rosters change and today’s way weigh more together and say Automated." in advice.decision


def test_two_hundred_fit_two_methods_and_the_others_decide_which_it_says() -> None:
    for frequency, current, method in (("yearly", "manual", "assisted"), ("weekly", "sis", "automated")):
        advice = _advise(200, None, frequency, current)  # type: ignore[arg-type]
        assert advice.reasons[0].methods == ("assisted", "automated")
        assert advice.method == method
        assert advice.decision.startswith("200 accounts fit both")
        assert "the other answers decide" in advice.decision


def test_two_hundred_alone_are_left_open() -> None:
    advice = _advise(200)
    assert advice.method == "assisted"
    assert "What is not answered yet decides" in advice.decision


def test_a_tie_tells_who_decided_it() -> None:
    advice = _advise(30, None, None, "sis")
    assert advice.method == "self_managed"
    assert "weigh the same" in advice.decision
    assert "Head count decides" in advice.decision


def test_answers_that_pull_both_ways_say_which_pulls_where() -> None:
    advice = _advise(5000, "often", "as-needed", "manual")
    assert advice.method == "assisted"
    assert "How often rosters change toward Self-Managed" in advice.decision
    assert "Head count and moves between schools toward Automated" in advice.decision


def test_automated_without_a_system_to_read_from_says_so() -> None:
    advice = _advise(5000, "often", "daily", "manual")
    assert advice.method == "automated"
    assert "Find out whether your district has one." in advice.conditions[0]


def test_who_has_a_system_and_another_method_hears_that_automated_stays_open() -> None:
    assert "no account is lost" in _advise(30, "rarely", "as-needed", "sis").conditions[0]


def test_a_single_school_is_not_asked_about_moves() -> None:
    advice = _advise(30, None, "as-needed", "manual", single_school=True)
    assert advice.missing == ()
    assert [reason.criterion for reason in advice.reasons] == ["accounts", "frequency", "current"]


def test_what_is_missing_is_said_with_its_question() -> None:
    advice = _advise(30)
    assert [missing.criterion for missing in advice.missing] == ["mobility", "frequency", "current"]
    assert all(missing.question.endswith("?") for missing in advice.missing)


def test_nothing_known_is_no_advice() -> None:
    with pytest.raises(NothingKnown):
        advise(Answers(), DEFAULTS)


@pytest.mark.parametrize("typed", ["0", "-3", "x", "1.5", "10000001", "9" * 10_000, "1,00", "١٢", "1e3", "0x10"])
def test_a_head_count_that_cannot_be_one_is_refused_with_words(typed: str) -> None:
    with pytest.raises(BadAnswer, match=r"whole number from 1 to 10,000,000\."):
        read_answers(accounts=typed)


@pytest.mark.parametrize(("typed", "number"), [("1", 1), (" 200 ", 200), ("12,408", 12408), ("10,000,000", 10_000_000)])
def test_a_head_count_is_read_as_people_write_it(typed: str, number: int) -> None:
    assert read_answers(accounts=typed).accounts == number


def test_moves_in_a_single_school_are_a_contradiction() -> None:
    with pytest.raises(BadAnswer, match="leave this out"):
        read_answers(mobility="often", single_school=True)
