"""Lists as people fill them in: sheets of our own templates as CSV files."""

from pathlib import Path

STUDENTS, STAFF, CLASSES, SCHOOLS = "Students", "Teachers and staff", "Classes", "Schools"

type Sheet = str


def sheet(header: str, *rows: str) -> Sheet:
    return "\n".join([header, *rows]) + "\n"


def write_lists(folder: Path, sheets: dict[str, Sheet]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


SIMPLE = {
    STUDENTS: sheet(
        "First name,Last name,Student number,Grade,Username,Password,Schools,Classes",
        "Ana,Lopez,0012,3,ana.l,blue fox tent,Lincoln Elementary,Homeroom 3A; Art",
        "Bo,Lee,0013,K,bo.lee,,lincoln elementary,homeroom 3a",
        "Cy,Ng,0014,3rd grade,cy.ng,,Lincoln Elementary,Homeroom 3A",
    ),
    STAFF: sheet(
        "First name,Last name,Role,Email,Schools,Classes",
        "Tia,Teach,Teacher,tia@example.org,Lincoln Elementary,Homeroom 3A; Art",
        "Pia,Prin,Principal,pia@example.org,Lincoln Elementary,",
    ),
}
"""Two sheets and nothing else: schools and classes are made of their names."""
