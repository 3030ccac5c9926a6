"""Workbooks as tests need them: of rows, through a real writer; and of raw parts, for what no writer would write."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

type Cell = str | int | float | None

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="users" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with these sheets; text stays text, numbers are numbers, and ``=`` begins a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, 8, 15)})  # noqa: DTZ001  # the same rows give the same bytes
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and not cell.startswith("="):
                        sheet.write_string(place, column, cell)
                    elif cell is not None:
                        sheet.write(place, column, cell)
    return out.getvalue()


def raw_workbook(sheet: str, **parts: str) -> bytes:
    """A workbook of one sheet, given as the inside of ``<worksheet>`` or, with ``<?``, as the whole part."""
    whole = sheet if sheet.startswith("<?") else f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>"
    contents = {**_PARTS, "xl/worksheets/sheet1.xml": whole}
    if "shared" in parts:
        contents["xl/sharedStrings.xml"] = parts["shared"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return out.getvalue()
