"""Arguments that the commands about runs share."""

import click

RUN = click.argument("number", metavar="RUN", type=click.IntRange(min=1))
DISTRICT = click.option("--district", "code", metavar="CODE", help="The run's district; else all are asked.")
SOURCE = click.argument("name", metavar="SOURCE")
ITS_DISTRICT = click.option("--district", "code", metavar="CODE", required=True, help="The source's district.")
BY = click.option("--by", "person", metavar="NAME", help="Who decides, for the audit. [default: your log-in here]")
JSON = click.option("--json", "wants_json", is_flag=True, help="Print the outcome as JSON.")
