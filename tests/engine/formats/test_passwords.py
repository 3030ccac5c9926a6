"""Nothing that the engine makes of an upload holds a password, whatever is wrong with the lines that do."""

import pytest
from tests.engine.district import plan_files
from tests.engine.formats.uploads import CLEVER, SDS_V1, SDS_V2, SDS_V2P1, Texts
from tests.engine.test_secrets import _everything

from firstbell.engine.pipeline import Plan

CANARY = "Sesame-7"
FILES = {"clever": (CLEVER, "students.csv"), "sds 1": (SDS_V1, "Student.csv")} | {
    "sds 2": (SDS_V2, "users.csv"),
    "sds 2.1": (SDS_V2P1, "users.csv"),
}


def _spoiled(text: str, kind: str) -> str:
    head, *lines = text.splitlines()
    match kind:
        case "ragged":
            lines[0] += ",one more"
        case "quote":
            lines[0] = lines[0].replace("Ada", 'A"da')
        case "blanks":
            lines = [line.replace(CANARY, f" {CANARY} ") for line in lines]
        case "twice":
            lines.append(lines[0].replace(CANARY, f"{CANARY}2"))
        case "split":
            head = head.replace("assword", "ass_word")
        case "misspelt":
            head = head.replace("assword", "asswd")
    return "\n".join([head, *lines]) + "\n"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["good", "ragged", "quote", "blanks", "twice", "split", "misspelt"])
def test_no_table_finding_or_change_holds_a_password(name: str, kind: str) -> None:
    texts, file = FILES[name]
    spoiled: Texts = {**texts, file: _spoiled(texts[file], kind)}
    assert CANARY in spoiled[file]
    result = plan_files(spoiled)
    if isinstance(result, Plan):
        result.passwords = result.passwords.clear()
    assert CANARY not in _everything(result)
