"""`firstbell approve`: let a held run go."""

import sys

import click

from firstbell.cli.arguments import BY, DISTRICT, JSON, RUN
from firstbell.cli.main import django_ready


@click.command()
@RUN
@DISTRICT
@click.option(
    "--as-new-people",
    is_flag=True,
    help="Where ids look renumbered: take the rows for new ones; the old ones go. Else each keeps its place.",
)
@click.option(
    "--safe-part",
    "only_safe_part",
    is_flag=True,
    help="Apply only what no reason to wait is about; the rest waits on.",
)
@click.option(
    "--other-schools",
    "only_others",
    is_flag=True,
    help="Apply all schools but those that look wrong; these wait on.",
)
@BY
@JSON
def approve(
    number: int,
    *,
    code: str | None,
    as_new_people: bool,
    only_safe_part: bool,
    only_others: bool,
    person: str | None,
    wants_json: bool,
) -> None:
    """Let the held run RUN go, or a part of it alone, and apply it at once.

    Exit code: 0 applied, 3 held again (more would happen than was approved), 1 not done, 2 no such run, 70 a fault of
    Firstbell. With --safe-part or --other-schools: 0 where that part is applied.
    """
    if (only_safe_part or only_others) and as_new_people:
        raise click.UsageError("A run whose ids look renumbered goes whole: leave --as-new-people or the part out.")
    if only_safe_part and only_others:
        raise click.UsageError("The other schools have the safe part in them: leave --safe-part out.")
    django_ready()
    from firstbell.cli import carrying, outcomes  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.imports.actions import apply_others, apply_safe_part, approve_run  # noqa: PLC0415

    district, run = carrying.run_or_stop(number, code)
    by = carrying.operator_named(person)
    with carrying.faults_told(run):
        if only_safe_part:
            apply_safe_part(district, run, by=by)
        elif only_others:
            apply_others(district, run, by=by)
        else:
            approve_run(district, run, by=by, rekey=not as_new_people)
    before = run.last_stamp
    carrying.carry_out_told(district, run, by=by)
    outcomes.tell(run, wants_json=wants_json)
    a_part_went = (only_safe_part or only_others) and run.last_stamp > before
    sys.exit(0 if a_part_went else outcomes.exit_code(run))
