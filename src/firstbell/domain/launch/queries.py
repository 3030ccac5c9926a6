"""Reading which programs can be opened, and by whom."""

from dataclasses import dataclass

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.launch.models import Launch
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Role
from firstbell.domain.sharing.access import NotGranted, ensure_granted
from firstbell.domain.sharing.models import ApiClient, Shown, Withheld
from firstbell.domain.sharing.showing import bring_up
from firstbell.domain.signon.models import Serves
from firstbell.engine.vocabulary import STAFF_ROLES


@dataclass(frozen=True, slots=True)
class Tile:
    """A program that somebody can open: its row's id and its name."""

    program_id: int
    name: str


def find_launch(program: ApiClient) -> Launch | None:
    """How a program is opened; None where it is not."""
    with within(program.district):
        launches = Launch.objects.select_related("program__district")
        return launches.filter(district_id=program.district_id, program=program).first()


def find_launch_of_client(district: District, client_id: str) -> Launch | None:
    """The same by the name that the program gives itself when it signs somebody in."""
    if "\0" in client_id:
        return None
    with within(district):
        launches = Launch.objects.select_related("program__district")
        return launches.filter(district_id=district.pk, client_id=client_id).first()


def find_launch_of_program(district: District, program_id: int) -> Launch | None:
    """The same by the program's row."""
    with within(district):
        launches = Launch.objects.select_related("program__district")
        return launches.filter(district_id=district.pk, program_id=program_id).first()


def list_tiles(district: District, person_id: int | None) -> list[Tile]:
    """The programs that a person (row id) can open now, by name: granted today, for such as them, and told of them."""
    if person_id is None:
        return []
    with within(district):
        found = Launch.objects.filter(district_id=district.pk, program__revoked_at=None)
        launches = list(found.select_related("program__district").order_by("program__name", "id"))
        if not launches:
            return []
        roles = roles_of(district, person_id)
        withheld = Withheld.objects.filter(district_id=district.pk, user_id=person_id)
        kept_from = set(withheld.values_list("client_id", flat=True))
        if None in kept_from:
            return []
        open_now = [one for one in launches if one.program_id not in kept_from and serves(one, roles)]
        return [Tile(one.program_id, one.program.name) for one in open_now if _is_told(one.program, person_id)]


def roles_of(district: District, person_id: int) -> frozenset[str]:
    """What somebody is on the roster now. Within the wall."""
    held = Role.objects.filter(district_id=district.pk, user_id=person_id, removed_at=None)
    return frozenset(role for role in held.values_list("role", flat=True) if role)


def serves(launch: Launch, roles: frozenset[str]) -> bool:
    """Whether a program is opened by people with these roles."""
    is_staff = bool(roles & STAFF_ROLES)
    whom = {
        Serves.STAFF: is_staff,
        Serves.STUDENTS: "student" in roles and not is_staff,
        Serves.EVERYONE: is_staff or "student" in roles,
    }
    return whom[Serves(launch.serves)]


def _is_told(program: ApiClient, person_id: int) -> bool:
    """Whether a program is told of somebody. Who is not in its ledger may have come since that was made."""
    try:
        ensure_granted(program)
    except NotGranted:
        return False
    if not program.is_limited or _is_shown(program, person_id):
        return True
    bring_up(program.district, program.pk)
    return _is_shown(program, person_id)


def _is_shown(program: ApiClient, person_id: int) -> bool:
    whose = {"district_id": program.district_id, "client_id": program.pk}
    return Shown.objects.filter(**whose, kind=KINDS["users"], row_id=person_id, is_shown=True).exists()
