"""`firstbell advise`: which rostering method fits, and why. Needs no database."""

import json
import sys
from collections.abc import Callable
from functools import partial

import click

from firstbell.domain.advice.advising import FOLLOWS, Advice, NothingKnown, advise
from firstbell.domain.advice.answers import (
    CHOICES,
    CRITERIA,
    CURRENTS,
    FREQUENCIES,
    MOBILITIES,
    Answers,
    BadAnswer,
    Criterion,
    ensure_answer,
    read_answers,
)
from firstbell.domain.advice.settings import VARIABLE, AdviceSettings, BadSettings, settings_here
from firstbell.domain.advice.telling import as_told


class Unusable(click.ClickException):
    """What was answered cannot be an answer."""

    exit_code = 2


@click.command("advise")
@click.option("--accounts", metavar="N", help="Staff and students together.")
@click.option("--mobility", type=click.Choice(MOBILITIES), help="How often students move between schools.")
@click.option("--frequency", type=click.Choice(FREQUENCIES), help="How often rosters change.")
@click.option("--current", type=click.Choice(CURRENTS), help="How students are rostered today.")
@click.option("--single-school", is_flag=True, help="The district has one school, so nobody moves between schools.")
@click.option("--json", "wants_json", is_flag=True, help="Print the advice as JSON.")
def advise_command(
    *,
    accounts: str | None,
    mobility: str | None,
    frequency: str | None,
    current: str | None,
    single_school: bool,
    wants_json: bool,
) -> None:
    """Tell which rostering method fits a district, and why.

    What is left out is asked in a terminal; in a pipe the advice is from what is known. FIRSTBELL_ADVICE may name a
    file with other thresholds and words. Exit code: 0 advised, 2 an answer cannot be one, or there is none.
    """
    settings = _settings_or_stop()
    given = {"accounts": accounts, "mobility": mobility, "frequency": frequency, "current": current}
    known = {name: value for name, value in given.items() if value is not None}
    if "accounts" in known and not known["accounts"].strip():
        raise Unusable("--accounts: is empty, give a number.")
    answers = _read(known, single_school=single_school)
    if answers.missing and not wants_json and sys.stdin.isatty() and sys.stdout.isatty():
        answers = _ask(known, answers, settings)
    advice = _or_stop(lambda: advise(answers, settings))
    click.echo(json.dumps(as_told(advice), ensure_ascii=False, indent=2) if wants_json else _as_text(advice, settings))


def _settings_or_stop() -> AdviceSettings:
    try:
        return settings_here()
    except BadSettings as problem:
        raise Unusable(f"firstbell: {VARIABLE}: {problem}") from problem


def _read(known: dict[str, str], *, single_school: bool) -> Answers:
    typed = {criterion: known.get(criterion, "") for criterion in CRITERIA}
    return _or_stop(
        lambda: read_answers(
            accounts=typed["accounts"],
            mobility=typed["mobility"],
            frequency=typed["frequency"],
            current=typed["current"],
            single_school=single_school,
        )
    )


def _or_stop[T](made: Callable[[], T]) -> T:
    try:
        return made()
    except BadAnswer as problem:
        raise Unusable(f"--{problem.criterion}: {problem}") from problem
    except NothingKnown as problem:
        raise Unusable(f"{problem} See firstbell advise --help.") from problem


def _ask(known: dict[str, str], answers: Answers, settings: AdviceSettings) -> Answers:
    """One question after the other; an empty line leaves one out."""
    for criterion in answers.missing:
        choices = CHOICES.get(criterion)
        question = settings.say(f"question.{criterion}")
        said = click.prompt(
            f"{question} [{', '.join(choices)}]" if choices else question,
            default="",
            show_default=False,
            prompt_suffix=" ",
            value_proc=partial(_checked, criterion),
        )
        known = known | {criterion: said}
    return _read(known, single_school=answers.single_school)


def _checked(criterion: Criterion, typed: str) -> str:
    try:
        ensure_answer(criterion, typed.strip())
    except BadAnswer as problem:
        raise click.UsageError(str(problem)) from problem
    return typed.strip()


def _as_text(advice: Advice, settings: AdviceSettings) -> str:
    lines = [click.style(advice.label, bold=True), "", advice.decision, *advice.conditions, "", "Why"]
    for reason in advice.reasons:
        fits = " or ".join(settings.say(f"method.{method}") for method in reason.methods)
        lines.append(f"  {reason.label}: {fits}. {reason.because}")
    lines += [f"  Not answered: {missing.question}" for missing in advice.missing]
    lines += ["", "What follows"]
    lines += [f"  {settings.say(f'heading.{one}')}: {advice.follows[one]}" for one in FOLLOWS]
    lines += ["", "Next"]
    lines += [f"  {place}. {step}" for place, step in enumerate(advice.next_steps, 1)]
    contact = advice.contact
    reached = [part for part in (contact.name, contact.email, contact.phone, contact.page) if part]
    return "\n".join([*lines, "", f"Ask: {', '.join(reached)}"])
