"""The fonts, served out of the packages that carry them."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, overload

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

FONTS = {
    "SourceSansPro-Regular.ttf": "font_source_sans_pro",
    "SourceSansPro-Semibold.ttf": "font_source_sans_pro",
    "SourceSerifPro-Semibold.ttf": "font_source_serif_pro",
}
"""Each file that tokens.css names, and the package it comes from."""
FOLDER = "firstbell/fonts"


class FontFinder(BaseFinder):
    """Finds ``firstbell/fonts/<file>`` for the static files, and nothing else of the fonts' packages."""

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """Nothing to configure."""
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...  # noqa: FBT002
    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...
    def find(self, path: str, find_all: bool = False) -> str | list[str] | None:  # noqa: FBT001, FBT002 - Django's shape
        """The file's place on disk, or nothing: an empty list, as Django's own finders answer."""
        folder, _, name = path.rpartition("/")
        if folder != FOLDER or name not in FONTS:
            return []
        place = str(place_of(name))
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every font, with a storage that names our folder as its prefix."""
        for name, package in FONTS.items():
            storage = FileSystemStorage(location=_files_of(package))
            storage.prefix = FOLDER  # type: ignore[attr-defined]
            yield name, storage


def place_of(name: str) -> Path:
    """Where the file of one of the fonts lies. Raises KeyError for another file."""
    return _files_of(FONTS[name]) / name


def _files_of(package: str) -> Path:
    """The package's folder of files, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent / "files"
