"""`firstbell products`: the catalogue of products and who has which, from a YAML file."""

from pathlib import Path

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain


@click.command()
@click.argument("path", metavar="[FILE.yaml]", required=False, type=click.Path(path_type=Path))
@BY
def products(path: Path | None, *, person: str | None) -> None:
    """List the catalogue of products, or first bring it to what FILE.yaml says (docs/reference/products.md).

    Products and districts that the file does not name stay as they are; a district that it names has just what it says.
    Warns where more students would be shared than there are seats. Exit code: 0 done, 1 done with such a warning,
    2 the file cannot be used, and nothing was changed.
    """
    django_ready()
    from firstbell.cli.carrying import operator_named  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.advice.catalogue import BadCatalogue, read_catalogue  # noqa: PLC0415
    from firstbell.domain.advice.licensing import Unknown, save_catalogue  # noqa: PLC0415
    from firstbell.domain.advice.queries import list_licensed, list_products  # noqa: PLC0415

    if path is None:
        for product in list_products(retired=True):
            ways = f" by {product.formats_in_words}" if product.formats else ""
            retired = ", retired" if product.retired else ""
            click.echo(plain(f"{product.code}  {product.name}: {', '.join(product.methods)}{ways}{retired}"))
        return
    try:
        saved = save_catalogue(read_catalogue(path), by=operator_named(person))
    except (BadCatalogue, Unknown) as problem:
        raise Unusable(plain(f"{path}: {problem}.")) from problem
    click.echo(f"Products: {saved.added:,} added, {saved.changed:,} changed. Districts: {len(saved.districts):,}.")
    over = [(district, one) for district in saved.districts for one in list_licensed(district) if one.over]
    for district, one in over:
        who = f"{district.code}: {one.product.name} would be shared with {one.students:,} students"
        click.echo(plain(f"{who}, and has {one.seats:,} seats."), err=True)
    if over:
        raise click.exceptions.Exit(1)
