"""`firstbell doctor`: looks at a deployment and says what is wrong."""

import json

import click

from firstbell.cli.main import django_ready


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def doctor(*, as_json: bool) -> None:
    """Look whether everything that Firstbell needs is there and works; say what to do where it does not.

    Ends with 0 where all is well, with 1 where something is wrong.
    """
    django_ready(upgraded=False)
    from firstbell.domain.sources.checkup import all_checks  # noqa: PLC0415 (models come after django_ready)

    checks = all_checks()
    if as_json:
        said = [{"check": c.name, "good": c.good, "says": c.says, "remedy": c.remedy} for c in checks]
        click.echo(json.dumps(said, indent=2))
    else:
        for check in checks:
            click.echo(f"{'ok   ' if check.good else 'WRONG'}  {check.name:<11} {check.says}")
            if not check.good:
                click.echo(f"       {'':<11} {check.remedy}")
    raise SystemExit(0 if all(check.good for check in checks) else 1)
