"""Things of one school that somebody made by hand, new for each request: what is removed is gone for the next one.

Each tells what it fills in an address, by the parameters' names.
"""

import uuid
from collections.abc import Mapping

from django.utils import timezone
from tests.web.rooms.conftest import House

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.accounts.actions import give_membership, open_account
from firstbell.domain.accounts.models import Membership
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.succession import ask_to_succeed, list_successions, refuse_succession
from firstbell.domain.accounts.tokens import make_token
from firstbell.domain.accounts.viewer import view_as, view_as_operator
from firstbell.domain.advice.actions import Who, keep_prospect
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.asking import Asked, ask
from firstbell.domain.advice.licensing import save_product
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.assisted.actions import cancel
from firstbell.domain.assisted.opening import Wish, request_case
from firstbell.domain.assisted.queries import list_open_cases
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.launch.actions import Way, let_open
from firstbell.domain.roster.editing.classes import add_class, remove_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, remove_person
from firstbell.domain.roster.editing.places import add_members, remove_places
from firstbell.domain.roster.editing.roles import add_role, remove_role
from firstbell.domain.roster.editing.schools import add_org, remove_org
from firstbell.domain.roster.editing.terms import add_term, remove_term
from firstbell.domain.roster.models import AcademicSession, Enrollment, Role
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.granting import list_withheld, withhold
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.signon.actions import Terms
from firstbell.domain.signon.actions import add_connection as add_sign_on
from firstbell.domain.signon.models import Key
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER, PRESETS
from firstbell.domain.sources.actions import add_connection

type Ids = Mapping[str, int]


def new_student(house: House) -> Ids:
    """Somebody of the principal's school, with the one role that they have."""
    who = {"givenName": "Pat", "familyName": "Passing", "username": uuid.uuid4().hex}
    role = {"role": "student", "orgSourcedId": str(house.schools["principal"])}
    person_id = add_person(house.district, who, [role], by=BY)
    with within(house.district):
        return {"person_id": person_id, "role_id": Role.objects.get(user_id=person_id).id}


def two_students(house: House) -> Ids:
    """Two who may be one."""
    return {"person_id": new_student(house)["person_id"], "other_id": new_student(house)["person_id"]}


def new_source(house: House) -> Ids:
    """A source that files are brought to."""
    made = add_connection(house.district, uuid.uuid4().hex, KINDS["web_drop"], {}, by=OPERATOR)
    return {"source_id": made.source_id}


def new_program(house: House) -> Ids:
    """A program that reads the roster."""
    made = add_client(house.district, "Matrix", list(SCOPE_URIS), by=OPERATOR)
    return {"client_id": made.client.pk}


def opened_program(house: House) -> Ids:
    """A program that people open from their first page."""
    program = add_client(house.district, uuid.uuid4().hex, list(SCOPE_URIS), by=OPERATOR).client
    let_open(program, Way("https://127.0.0.1:9/start", ["https://127.0.0.1:9/back"]), by=OPERATOR)
    return {"client_id": program.pk}


def guessed_code() -> dict[str, object]:
    """What a program would send that nobody let in."""
    return {"grant_type": "authorization_code", "code": "guess", "client_id": "guess", "client_secret": "guess"}


def new_token(house: House) -> Ids:
    """A token of a program, in the administrator's name."""
    viewer = view_as(Membership.objects.get(account=house.accounts["administrator"], district=house.district))
    made = make_token(house.district, viewer, "Matrix", [Permission.VIEW_RUNS], days=1)
    return {"given_id": made.token.pk}


def new_sign_on(house: House) -> Ids:
    """A connection to an identity provider that nobody can reach."""
    values = {ISSUER: "https://127.0.0.1:9", CLIENT_ID: "matrix", CLIENT_SECRET: "matrix"}
    terms = Terms(uuid.uuid4().hex, Key.IDENTIFIER, "number")
    return {"connection_id": add_sign_on(house.district, PRESETS["openid"], values, terms, by=OPERATOR).pk}


def withheld_student(house: House) -> Ids:
    """Somebody of whom no program is told."""
    person_id = new_student(house)["person_id"]
    withhold(house.district, person_id, None, "Opted out", by=OPERATOR)
    [one] = list_withheld(house.district, person_id)
    return {"person_id": person_id, "withheld_id": one.pk}


def removed_student(house: House) -> Ids:
    """Somebody who can be restored."""
    made = new_student(house)
    remove_person(house.district, made["person_id"], by=BY)
    return made


def removed_role(house: House) -> Ids:
    """A role that can be given back."""
    made = new_student(house)
    said = {"role": "aide", "orgSourcedId": str(house.schools["principal"])}
    role_id = add_role(house.district, made["person_id"], said, by=BY)
    remove_role(house.district, made["person_id"], role_id, by=BY)
    return {**made, "role_id": role_id}


def new_class(house: House) -> Ids:
    """A class of the principal's school with one student in it."""
    student = new_student(house)["person_id"]
    with within(house.district):
        term = AcademicSession.objects.filter(removed_at=None).order_by("id")[0].id
    said = {"title": uuid.uuid4().hex, "schoolSourcedId": str(house.schools["principal"]), "termSourcedIds": str(term)}
    class_id = add_class(house.district, said, by=BY)
    add_members(house.district, class_id, [student], {"role": "student"}, by=BY)
    with within(house.district):
        return {"class_id": class_id, "place_id": Enrollment.objects.get(class_id=class_id).id}


def new_class_of_theirs(house: House) -> Ids:
    """The same, with the teacher and the student who sign in."""
    made = new_class(house)
    for role in ("teacher", "student"):
        add_members(house.district, made["class_id"], [house.person_ids[role]], {"role": role}, by=BY)
    return made


def removed_place(house: House) -> Ids:
    """A place in a class that can be given back."""
    made = new_class(house)
    remove_places(house.district, made["class_id"], [made["place_id"]], by=BY)
    return made


def removed_class(house: House) -> Ids:
    """A class that can be restored."""
    made = new_class(house)
    remove_class(house.district, made["class_id"], by=BY)
    return made


def new_school(house: House) -> Ids:
    """A school without people and classes."""
    return {"org_id": add_org(house.district, {"name": uuid.uuid4().hex, "type": "school"}, by=BY)}


def removed_school(house: House) -> Ids:
    """A school that can be restored."""
    made = new_school(house)
    remove_org(house.district, made["org_id"], by=BY)
    return made


def new_term(house: House) -> Ids:
    """A term in which no class is held."""
    dates = {"startDate": "2031-08-17", "endDate": "2032-06-12"}
    return {"term_id": add_term(house.district, {"title": uuid.uuid4().hex, "type": "schoolYear", **dates}, by=BY)}


def removed_term(house: House) -> Ids:
    """A term that can be restored."""
    made = new_term(house)
    remove_term(house.district, made["term_id"], by=BY)
    return made


def new_act(house: House) -> Ids:
    """Something that was done by hand, and not by anybody of one school."""
    new_student(house)
    with within(house.district):
        return {"event_id": list_events(house.district.pk)[0].pk}


def own_school(house: House) -> Ids:
    """The principal's school."""
    return {"org_id": house.schools["principal"]}


def new_question(house: House) -> Ids:
    """A request to the district's contact that an operator wrote down."""
    asked = Asked("Who answers?", "", "")
    request = ask(house.district, asked, AdviceSettings(), now=timezone.now(), by=view_as_operator(house.district))
    return {"request_id": request.pk}


def new_question_of_a_teacher(house: House) -> Ids:
    """A question to the administrators, of somebody whom no other request is about."""
    account = open_account(f"{uuid.uuid4().hex}@example.org", "Asking Whitfield", by=OPERATOR)
    teacher = view_as(give_membership(house.district, account, "teacher", by=OPERATOR))
    request = ask(house.district, Asked("Who answers?"), AdviceSettings(), now=timezone.now(), by=teacher)
    return {"request_id": request.pk}


def new_product() -> str:
    """A product that nobody has yet."""
    code = f"math-{uuid.uuid4().hex[:8]}"
    save_product(Takes(code, f"Math {code}", ("self_managed", "automated"), ("clever",)), by=OPERATOR)
    return code


def new_prospect() -> str:
    """Advice that is kept for a district to come."""
    answers, today = Answers(accounts=120, mobility="rarely"), timezone.localdate()
    return keep_prospect(
        Who(f"Matrix {uuid.uuid4().hex}"), answers, AdviceSettings(), today=today, by=OPERATOR
    ).reference


def new_case(house: House) -> Ids:
    """A case whose files are awaited; others of the matrix come to nothing, for only so many may be open."""
    by = view_as_operator(house.district)
    wish = Wish(contact_id=house.accounts["administrator"].pk)
    for case in list_open_cases(house.district):
        cancel(house.district, case, now=timezone.now(), by=by.actor)
    return {"case_id": request_case(house.district, wish, now=timezone.now(), by=by).pk}


def new_succession(house: House) -> Ids:
    """Somebody who asks to become administrator; others of the matrix are refused, for only so many may wait."""
    by = view_as_operator(house.district).actor
    for other in list_successions(house.district):
        if other.is_open:
            refuse_succession(other, "The matrix needs the place.", by=by)
    email = f"{uuid.uuid4().hex}@example.org"
    return {"succession_id": ask_to_succeed(house.district, "Sue Ccessor", email, "She left in June.").pk}
