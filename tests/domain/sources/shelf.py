"""A system of others, as simple as can be: a folder of files that is fetched, and that can fail in each way."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from firstbell.connectors.contract import (
    About,
    Completeness,
    Entry,
    Fetched,
    Kind,
    Probe,
    Sample,
    Setting,
    Surroundings,
    Tested,
    Told,
    Values,
    Way,
)

CODE = "shelf"


@dataclass
class Shelf:
    """Gives what lies in the folder that the source names; ``fails`` is raised instead, once for each."""

    asked: list[tuple[str, bool]] = field(default_factory=list)
    """Of each fetch: the memory, and whether everything was wanted."""
    fails: list[Exception] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)

    def test_connection(self, values: Values, around: Surroundings) -> Tested:
        there = Path(values["folder"]).is_dir()
        probe = Probe(About.NAME, there, "The folder is there." if there else "There is no such folder.", "Name one.")
        return Tested((probe,), (Sample("users", ("sourcedId",), (("ada",),)),) if there else ())

    def fetch(
        self, values: Values, into: Path, around: Surroundings, *, memory: str, whole: bool, told: Told
    ) -> Fetched:
        self.asked.append((memory, whole))
        self.passwords.append(values["password"])
        if self.fails:
            raise self.fails.pop(0)
        files = sorted(Path(values["folder"]).iterdir())
        for path in files:
            shutil.copy(path, into / path.name)
        told("files", len(files))
        if not files:
            return Fetched(Completeness.NOTHING_NEW)
        remembered = json.dumps({"fetch": len(self.asked)})
        return Fetched(Completeness.WHOLE, remembered, "Shelf", ("It was all there.",))


def kind_of(shelf: Shelf) -> Kind:
    settings = (
        Setting("folder", "Folder", "Where the files lie."),
        Setting("password", "Password", "Ask the keeper of the shelf.", Entry.SEALED, required=False),
    )
    return Kind(CODE, "Shelf", "Files on a shelf.", Way.FETCHED, settings, shelf, may_be_delta=True)
