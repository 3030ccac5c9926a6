"""manifest.csv: which version a package is, and how each of its files is meant (OneRoster CSV 1.2, 2.1)."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.csvfile import read_csv, read_header
from firstbell.engine.formats.oneroster.layouts import LAYOUTS, MANIFEST_MODES
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode

FILE = "manifest.csv"
_HEADER = ["propertyName", "value"]
_FIXED = ("manifest.version", "oneroster.version")
_OPTIONAL = ("source.systemName", "source.systemCode")
RESTATES = "restates"
"""``source.systemCode`` of packages that we fetch ourselves: a person who has changed comes with all their roles."""


@dataclass(slots=True)
class Manifest:
    """The version (None where the manifest does not say), the mode of each file it names, and what is wrong with it."""

    file: str = FILE
    version: str | None = None
    modes: dict[str, Mode] = field(default_factory=dict)
    restates: bool = False
    findings: list[pl.DataFrame] = field(default_factory=list)

    def add(self, code: str, **said: str) -> None:
        self.findings.append(findings.one(code, file=self.file, **said))  # type: ignore[arg-type]


def find_manifest(package: Package) -> str | None:
    """The name of the manifest: by rule, or of the file with its header (``MANIFEST.CSV``)."""
    if FILE in package:
        return FILE
    return next((name for name in package if read_header(package.head(name)) == _HEADER), None)


def read_manifest(package: Package) -> Manifest | None:
    """The manifest of a package, or None where it has none (and a finding says so)."""
    name = find_manifest(package)
    if name is None:
        package.findings.append(findings.one("manifest-missing", file=FILE))
        return None
    manifest = Manifest(name)
    if name != FILE:
        manifest.add("file-found-by-header", detail=FILE)
    content = package.read(name)
    if content is None:
        return manifest
    file = read_csv(name, content)
    manifest.findings += file.findings
    if file.header != _HEADER:
        manifest.add("manifest-header")
    if len(file.header) < 2 or not file.records.width:  # without a header nothing was read
        return manifest
    properties = _properties(manifest, file.records)
    _take_version(manifest, properties)
    _take_modes(manifest, properties)
    manifest.restates = properties.get("source.systemCode") == RESTATES
    return manifest


def _properties(manifest: Manifest, records: pl.DataFrame) -> dict[str, str]:
    properties: dict[str, str] = {}
    for name, value in zip(records["0"].to_list(), records["1"].to_list(), strict=True):
        key = (name or "").strip()
        if key in properties:
            manifest.add("manifest-property-twice", column=key)
            continue
        properties[key] = (value or "").strip()
    return properties


def _take_version(manifest: Manifest, properties: dict[str, str]) -> None:
    for name in _FIXED:
        if name not in properties:
            manifest.add("manifest-property-missing", column=name)
    if properties.get("manifest.version", "1.0") != "1.0":
        manifest.add("manifest-value", column="manifest.version", value=properties["manifest.version"], detail="1.0")
    version = properties.get("oneroster.version")
    if version in LAYOUTS:
        manifest.version = version
    elif version == "1.0":
        manifest.add("version-1.0", detail="the manifest says 1.0")
    elif version is not None:
        manifest.add("manifest-value", column="oneroster.version", value=version, detail=", ".join(LAYOUTS))


def _take_modes(manifest: Manifest, properties: dict[str, str]) -> None:
    known = LAYOUTS[manifest.version or "1.2"]
    for name in known:
        if f"file.{name}" not in properties:
            manifest.add("manifest-property-missing", column=f"file.{name}")
    for name, value in properties.items():
        file = name.removeprefix("file.")
        if name in (*_FIXED, *_OPTIONAL):
            continue
        if file == name or file not in known:
            manifest.add("manifest-property-unknown", column=name)
        mode = value if value in MANIFEST_MODES else value.casefold()
        if mode not in MANIFEST_MODES:
            manifest.add("manifest-value", column=name, value=value, detail=", ".join(MANIFEST_MODES))
            continue
        if mode != value:
            manifest.add("manifest-value", column=name, value=value, detail=mode)
        manifest.modes[file] = Mode(mode)
