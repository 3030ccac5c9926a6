"""Which columns of a file hold passwords: by their own name, or because a correction reads them as passwords.

A correction names a file, and this looks at the column alone: where the same name stands in another file, blanking it
there too is the safer mistake.
"""

from firstbell.engine.corrections.kinds import Corrections, RenameColumn
from firstbell.engine.corrections.places import fold_name
from firstbell.engine.csvfile import is_header, names_a_secret


def secret_part(corrections: Corrections) -> Corrections:
    """Those corrections alone that read a column as a password."""
    return Corrections(tuple(_renamed(corrections)))


def _renamed(corrections: Corrections) -> list[RenameColumn]:
    return [
        correction
        for correction in corrections.declared
        if isinstance(correction, RenameColumn) and names_a_secret(correction.to)
    ]


def secret_places(corrections: Corrections, header: list[str]) -> list[int]:
    """Where in a header (as the district wrote it) passwords stand."""
    made = {fold_name(correction.column) for correction in _renamed(corrections)}
    return [place for place, name in enumerate(header) if names_a_secret(name) or fold_name(name) in made]


def knows_header(corrections: Corrections, header: list[str]) -> bool:
    """Whether a first line names columns: of a format, or such as a correction renames."""
    renamed = {fold_name(one.column) for one in corrections.declared if isinstance(one, RenameColumn)}
    return is_header(header) or any(fold_name(name) in renamed for name in header)


def has_secret(corrections: Corrections, header: list[str]) -> bool:
    """Whether a file with this header holds passwords."""
    return bool(secret_places(corrections, header))
