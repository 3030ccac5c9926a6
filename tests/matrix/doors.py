"""Who may open which door: every address of the router, each method that it takes, and what that needs.

A new address needs a row here, or `test_every_door` fails. A row is

    "web:person": Door({"GET": needs(May.VIEW_ROSTER), "POST": needs(May.EDIT_ROSTER)}),

Its name is the address's in the router: a namespace and a name. For each method it tells what that needs: `needs` all
of these permissions, `either` of them, or one of the audiences ANYONE, SIGNED_IN, ADULT, STAFF (of the vendor),
SENT_TO (those of them), MEMBER (of the district), TOKEN (nobody by their session: a program with a token).
Methods that are not named answer 405 to everybody. What is the whole district's (schools and terms) needs `everywhere`:
somebody with the permission in some schools only gets the 403 of who may not.

What stands in the address (`person_id`) is filled in by its parameter's name from `world.PARAMETERS`, where a new kind
of parameter gets a line of its own. That line also tells whether the thing is of one school: then somebody with the
permission at another school gets the 404 of what is not there. Where one address needs another value, the row says so:
`at={"column": "title"}`. What a request may use up is `made` anew for each (`by_hand`). An address that looks at what
is sent before it looks at who asks needs a `body`.

Who gets in is computed from `accounts.permissions.ROLE_PERMISSIONS`: a role is changed there and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.matrix import by_hand
from tests.web.rooms.conftest import House

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.permissions import Permission as May


class Audience(Enum):
    """Who gets in without any permission."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    ADULT = "signed in by an e-mail address"
    STAFF = "working for the vendor"
    SENT_TO = "of the vendor, and it was sent to them: none of the world's (tests/web/portfolio has who is)"
    MEMBER = "in the district, as whatever"
    TOKEN = "a program with a token of its own, whoever is signed in"
    NOT_SET_UP = "nobody, as long as the operator has not set it up"


ANYONE, SIGNED_IN, ADULT, STAFF, SENT_TO, MEMBER, TOKEN, NOT_SET_UP = Audience


@dataclass(frozen=True)
class Needs:
    """What a method needs: all permissions of one of these sets."""

    one_of: tuple[frozenset[Permission], ...]
    in_every_school: bool = False

    def fulfilled_by(self, permissions: frozenset[Permission], *, has_whole_district: bool) -> bool:
        return (has_whole_district or not self.in_every_school) and any(wanted <= permissions for wanted in self.one_of)


def needs(*permissions: Permission) -> Needs:
    """All of these."""
    return Needs((frozenset(permissions),))


def everywhere(*permissions: Permission) -> Needs:
    """All of these, and not for some schools only."""
    return Needs((frozenset(permissions),), in_every_school=True)


def either(*permissions: Permission) -> Needs:
    """Any one of these."""
    return Needs(tuple(frozenset({permission}) for permission in permissions))


EDITS = needs(May.EDIT_ROSTER)


NEVER = Needs(())
"""Nobody has what the address names without more (a query, a thing of another kind): 404 for who may ask."""


@dataclass(frozen=True)
class Door:
    """One address."""

    methods: Mapping[str, Needs | Audience]
    at: Mapping[str, object] = field(default_factory=dict)
    """Parameters of the address that are others than `world.PARAMETERS` would make."""
    made: Callable[[House], by_hand.Ids] | None = None
    """Makes what the address is about, for one request."""
    body: Callable[[], Mapping[str, object]] = field(default=dict)
    """What is sent along, where an address looks at that before it looks at who asks."""
    is_json: bool = False
    hidden_without: Needs | None = None
    """What it needs besides, without which it is not even there: 404 and not 403."""
    writes: bool = False
    """Even looking is written down, so who may only look gets 403."""
    is_foreign: bool = False
    """Begins or ends a session, as views of allauth do; those answer methods not named here by their own lights."""


def _foreign(audience: Audience, *methods: str) -> Door:
    return Door(dict.fromkeys(methods or ("GET", "POST"), audience), is_foreign=True)


def _edits(*names: str, wanted: Needs = EDITS, made: Callable[[House], by_hand.Ids] | None = None) -> dict[str, Door]:
    """Pages with a form or a question, which the same people may see and send."""
    return {f"web:{name}": Door({"GET": wanted, "POST": wanted}, made=made) for name in names}


def _package() -> dict[str, object]:
    return {"package": SimpleUploadedFile("users.csv", b"sourcedId\n"), "source": "Matrix"}


def _package_of_a_case() -> dict[str, object]:
    return {"package": SimpleUploadedFile("users.csv", b"sourcedId\n")}


ACCOUNT = {
    "account_login": _foreign(ANYONE),
    "account_logout": _foreign(ANYONE),
    "account_inactive": _foreign(ANYONE, "GET"),
    "account_signup": _foreign(ANYONE),
    "account_reauthenticate": _foreign(ADULT),
    "account_change_password": _foreign(SIGNED_IN),
    "account_reset_password": _foreign(ANYONE),
    "account_reset_password_done": _foreign(ANYONE, "GET"),
    "account_reset_password_from_key": _foreign(ANYONE),
    "account_reset_password_from_key_done": _foreign(ANYONE, "GET"),
    # What is not set up yet is not there, so these are tests' of the second step (tests/web/accounts).
    "mfa_deactivate_totp": Door({}, is_foreign=True),
    "mfa_view_recovery_codes": Door({}, is_foreign=True),
    "mfa_download_recovery_codes": Door({}, is_foreign=True),
    "mfa_edit_webauthn": Door({}, is_foreign=True),
    "mfa_remove_webauthn": Door({}, is_foreign=True),
    "mfa_index": _foreign(ADULT, "GET"),
    "mfa_authenticate": _foreign(ANYONE),
    "mfa_reauthenticate": _foreign(ADULT),
    "mfa_activate_totp": _foreign(ADULT),
    "mfa_generate_recovery_codes": _foreign(ADULT),
    "mfa_list_webauthn": _foreign(ADULT, "GET"),
    "mfa_add_webauthn": _foreign(ADULT),
    "mfa_reauthenticate_webauthn": _foreign(ADULT),
    "mfa_login_webauthn": _foreign(ANYONE),
    "usersessions_list": _foreign(ADULT),
    "account_set_password": Door({"GET": SIGNED_IN}),
}
DOORS_BEFORE = {
    "web:front_door": Door({"GET": ANYONE}),
    "web:find_door": Door({"GET": ANYONE, "POST": ANYONE}),
    "web:student_door": Door({"GET": ANYONE, "POST": ANYONE}),
    "web:sign_on": Door({"GET": NOT_SET_UP}, is_foreign=True),
    "web:sign_on_back": Door({"GET": NOT_SET_UP}),
    "web:sign_on_answer": Door({"POST": NOT_SET_UP}),
    "web:sign_on_finish": Door({"GET": NOT_SET_UP}),
    "web:sign_on_metadata": Door({"GET": NOT_SET_UP}),
    "web:sign_on_left": Door({"GET": NOT_SET_UP}),
    "web:badge_door": Door({"GET": ANYONE, "POST": ANYONE}, is_foreign=True),
    "web:choose": Door({"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "web:invited": Door({"GET": ANYONE, "POST": ANYONE}),
    "web:ask_for_space": Door({"GET": ANYONE, "POST": ANYONE}),
    "web:space_requests": Door({"GET": STAFF}),
    "web:space_open": Door({"POST": STAFF}),
    "web:space_refuse": Door({"POST": STAFF}),
    "web:succession_ask": Door({"GET": ANYONE, "POST": ANYONE}),
    "web:succession_requests": Door({"GET": STAFF}),
    **{
        f"web:succession_{name}": Door({"POST": STAFF}, made=by_hand.new_succession)
        for name in ("sure", "refuse", "invite")
    },
    "web:staff": Door({"GET": STAFF}),
    "web:staff_visit": Door({"GET": STAFF, "POST": STAFF}),
    "web:staff_leave": Door({"POST": STAFF}),
    "web:desk": Door({"GET": STAFF}),
    "web:desk_clean": Door({"POST": STAFF}),
    **{f"web:desk_{name}": Door({"GET": STAFF, "POST": STAFF}) for name in ("findings", "replies", "open", "correct")},
    "web:desk_case": Door({"GET": STAFF}),
    "web:desk_versions": Door({"GET": STAFF}),
    **{
        f"web:desk_{name}": Door({"POST": STAFF})
        for name in (
            *("claim", "hand_over", "templates", "return", "back", "cancel", "import", "undo", "say", "answer"),
        )
    },
    "web:portfolio": Door({"GET": STAFF}),
    "web:portfolio_district": Door({"GET": STAFF}),
    "web:portfolio_contact": Door({"POST": STAFF}),
    "web:requests": Door({"GET": STAFF}),
    "web:request": Door({"GET": SENT_TO, "POST": SENT_TO}, made=by_hand.new_question),
    "web:request_take": Door({"POST": SENT_TO}, made=by_hand.new_question),
    "web:prospects": Door({"GET": STAFF}),
    "web:prospect": Door({"GET": STAFF, "POST": STAFF}),
    "web:licence": Door({"GET": STAFF, "POST": STAFF}),
    "web:licence_end": Door({"POST": STAFF}),
    "web:products": Door({"GET": STAFF}),
    "web:product": Door({"GET": STAFF, "POST": STAFF}),
    "web:product_add": Door({"GET": STAFF, "POST": STAFF}),
    "web:products_import": Door({"GET": STAFF, "POST": STAFF}),
    "web:advisor": Door({"GET": ANYONE}),
    "web:keep_advice": Door({"POST": ANYONE}),
    "web:design": Door({"GET": ANYONE}),
    "web:help_findings": Door({"GET": ANYONE}),
    "web:help_finding": Door({"GET": ANYONE}, at={"code": "id-twice"}),
}
ROOMS = {
    "web:home": Door({"GET": MEMBER}),
    "web:ready": Door({"GET": needs(May.VIEW_ROSTER)}),
    **_edits("school_year"),
    "web:practice_begin": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:practice_end": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:guides": Door({"GET": needs(May.VIEW_ROSTER, May.EDIT_ROSTER)}),
    "web:guide": Door({"GET": needs(May.VIEW_ROSTER, May.EDIT_ROSTER)}),
    "web:people": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:person": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:person_demographics": Door({"GET": needs(May.VIEW_ROSTER, May.VIEW_DEMOGRAPHICS)}),
    "web:person_history": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:person_why": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:person_field": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:person_reported": Door({"GET": needs(May.VIEW_ROSTER, May.VIEW_DEMOGRAPHICS)}),
    "web:classes": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:class": Door({"GET": either(May.VIEW_ROSTER, May.VIEW_OWN_CLASSES)}),
    "web:class_history": Door({"GET": needs(May.VIEW_ROSTER)}),
    "web:class_field": Door({"GET": needs(May.VIEW_ROSTER)}, at={"column": "title"}),
    "web:cards_class": Door(dict.fromkeys(("GET", "POST"), either(May.SET_CREDENTIALS, May.SET_OWN_CREDENTIALS))),
    "web:cards_school": Door(dict.fromkeys(("GET", "POST"), needs(May.SET_CREDENTIALS)), made=by_hand.own_school),
    "web:badges": Door({"GET": needs(May.SET_CREDENTIALS)}),
    "web:badges_void": Door({"POST": needs(May.SET_CREDENTIALS)}),
    "web:badges_void_class": Door(dict.fromkeys(("GET", "POST"), either(May.SET_CREDENTIALS, May.SET_OWN_CREDENTIALS))),
    "web:cards_people": Door(dict.fromkeys(("GET", "POST"), needs(May.SET_CREDENTIALS))),
    "web:my_classes": Door({"GET": needs(May.VIEW_OWN_CLASSES)}),
    **_edits("person_add", "class_add"),
    **_edits("person_edit", "person_remove", "person_move", "person_last_day", made=by_hand.new_student),
    **_edits("role_add", "role", "role_remove", made=by_hand.new_student),
    **_edits("class_edit", "class_remove", "class_members_add", made=by_hand.new_class),
    **_edits("class_member", "class_member_remove", made=by_hand.new_class),
    "web:person_restore": Door({"POST": needs(May.EDIT_ROSTER)}, made=by_hand.removed_student),
    "web:class_restore": Door({"POST": needs(May.EDIT_ROSTER)}, made=by_hand.removed_class),
    "web:act": Door({"GET": needs(May.EDIT_ROSTER)}, made=by_hand.new_act, hidden_without=everywhere()),
    "web:act_undo": Door({"POST": needs(May.EDIT_ROSTER)}, made=by_hand.new_act, hidden_without=everywhere()),
    "web:schools": Door({"GET": needs(May.VIEW_ROSTER)}),
    **_edits("school_add", wanted=everywhere(May.EDIT_ROSTER)),
    **_edits("school", "school_remove", wanted=everywhere(May.EDIT_ROSTER), made=by_hand.new_school),
    "web:school_restore": Door({"POST": everywhere(May.EDIT_ROSTER)}, made=by_hand.removed_school),
    "web:terms": Door({"GET": needs(May.VIEW_ROSTER)}),
    **_edits("term_add", wanted=everywhere(May.EDIT_ROSTER)),
    **_edits("term", "term_remove", wanted=everywhere(May.EDIT_ROSTER), made=by_hand.new_term),
    "web:term_restore": Door({"POST": everywhere(May.EDIT_ROSTER)}, made=by_hand.removed_term),
    "web:people_duplicates": Door({"GET": EDITS}),
    "web:person_merge": Door({"GET": EDITS}),
    "web:person_apart": Door({"POST": EDITS}, made=by_hand.two_students),
    **_edits("person_merge_with", made=by_hand.two_students),
    "web:people_many": Door({"POST": needs(May.EDIT_ROSTER)}),
    "web:classes_many": Door({"POST": needs(May.EDIT_ROSTER)}),
    "web:people_export": Door({"GET": needs(May.VIEW_ROSTER)}, writes=True),
    "web:classes_export": Door({"GET": needs(May.VIEW_ROSTER)}, writes=True),
    "web:schools_export": Door({"GET": needs(May.VIEW_ROSTER)}, writes=True),
    "web:terms_export": Door({"GET": needs(May.VIEW_ROSTER)}, writes=True),
    "web:person_everything": Door({"GET": needs(May.VIEW_ROSTER, May.VIEW_DEMOGRAPHICS, May.VIEW_AUDIT)}, writes=True),
    "web:lists": Door({"GET": needs(May.BRING_LISTS), "POST": needs(May.BRING_LISTS)}),
    "web:list_template": Door({"GET": needs(May.BRING_LISTS)}),
    "web:list_template_file": Door({"GET": needs(May.BRING_LISTS)}),
    "web:list_names": Door({"GET": needs(May.BRING_LISTS), "POST": needs(May.BRING_LISTS)}),
    "web:list": Door({"GET": needs(May.BRING_LISTS)}, hidden_without=NEVER),
    "web:list_columns": Door({"POST": needs(May.BRING_LISTS)}, hidden_without=NEVER),
    "web:list_cells": Door(dict.fromkeys(("GET", "POST"), needs(May.BRING_LISTS)), hidden_without=NEVER),
    "web:list_start": Door({"POST": needs(May.BRING_LISTS)}, hidden_without=NEVER),
    "web:list_discard": Door({"POST": needs(May.BRING_LISTS)}, hidden_without=NEVER),
    "web:run_acknowledge": Door(
        dict.fromkeys(("GET", "POST"), needs(May.VIEW_RUNS, May.MANAGE_SOURCES)), hidden_without=NEVER
    ),
    "web:runs": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:upload": Door({"GET": needs(May.START_RUNS), "POST": needs(May.START_RUNS)}),
    "web:run": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:run_progress": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:run_findings": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:run_changes": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:run_takeover": Door({"GET": needs(May.VIEW_RUNS, May.MANAGE_SOURCES)}),
    "web:run_report": Door({"GET": needs(May.VIEW_RUNS)}),
    "web:run_input": Door({"GET": needs(May.VIEW_RUNS)}, hidden_without=needs(May.START_RUNS, May.VIEW_DEMOGRAPHICS)),
    "web:run_approve": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:run_safe_part": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:run_others": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:run_ask": Door(dict.fromkeys(("GET", "POST"), needs(May.VIEW_RUNS, May.DECIDE_RUNS))),
    "web:run_discard": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:run_undo": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:run_again": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "web:sources": Door({"GET": needs(May.MANAGE_SOURCES)}),
    "web:source": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    **{
        f"web:source_{name}": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_SOURCES)), made=by_hand.new_source)
        for name in ("connect", "values", "timetable", "keys")
    },
    **{
        f"web:source_{name}": Door({"POST": needs(May.MANAGE_SOURCES)}, made=by_hand.new_source)
        for name in ("test", "pause", "password")
    },
    "web:notices": Door(dict.fromkeys(("GET", "POST"), needs(May.VIEW_RUNS))),
    "web:notices_program": Door({"POST": needs(May.MANAGE_SOURCES)}),
    "web:source_add": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_SOURCES))),
    "web:source_sync": Door({"POST": needs(May.MANAGE_SOURCES, May.START_RUNS)}, made=by_hand.new_source),
    "web:source_take_back": Door({"POST": needs(May.MANAGE_SOURCES)}),
    "web:source_release": Door({"POST": needs(May.MANAGE_SOURCES)}),
    "web:source_let_go": Door({"POST": needs(May.MANAGE_SOURCES)}, made=by_hand.new_source),
    "web:source_not_wanted": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_seasons": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_made": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_new_ids": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_next_year": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_scope": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:source_corrections": Door({"GET": needs(May.MANAGE_SOURCES), "POST": needs(May.MANAGE_SOURCES)}),
    "web:members": Door({"GET": needs(May.MANAGE_MEMBERSHIPS), "POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:sign_in_rules": Door({"GET": needs(May.MANAGE_MEMBERSHIPS), "POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:tokens": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_MEMBERSHIPS))),
    "web:token_revoke": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_token),
    "web:staff_visits": Door({"GET": needs(May.VIEW_AUDIT)}),
    "web:staff_visits_end": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:staff_let_in": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}, body=lambda: {"allowed": "yes"}),
    "web:audit_log": Door({"GET": needs(May.VIEW_AUDIT)}),
    "web:successions": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:succession_object": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_succession),
    "web:member": Door({"GET": needs(May.MANAGE_MEMBERSHIPS), "POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:member_take": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:invitation_revoke": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:invitation_again": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:contact": Door(dict.fromkeys(("GET", "POST"), either(May.VIEW_ROSTER, May.VIEW_OWN_CLASSES))),
    "web:contact_withdraw": Door(
        {"POST": either(May.VIEW_ROSTER, May.VIEW_OWN_CLASSES)},
        made=by_hand.new_question,
        hidden_without=needs(May.MANAGE_SOURCES),
    ),
    "web:contact_answer": Door(
        {"POST": needs(May.ANSWER_QUESTIONS)},
        made=by_hand.new_question_of_a_teacher,
        hidden_without=needs(May.MANAGE_SOURCES),
    ),
    "web:contact_pass_on": Door(
        {"POST": needs(May.ANSWER_QUESTIONS, May.MANAGE_SOURCES)}, made=by_hand.new_question_of_a_teacher
    ),
    "web:sign_ons": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:sign_on_add": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_MEMBERSHIPS))),
    "web:sign_on_grace": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:sign_on_log": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}),
    "web:sign_on_allow": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}, hidden_without=NEVER),
    "web:sign_on_show": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_sign_on),
    "web:sign_on_values": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_MEMBERSHIPS)), made=by_hand.new_sign_on),
    "web:sign_on_test": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_sign_on, writes=True),
    "web:sign_on_tested": Door({"GET": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_sign_on),
    **{
        f"web:sign_on_{name}": Door({"POST": needs(May.MANAGE_MEMBERSHIPS)}, made=by_hand.new_sign_on)
        for name in ("on", "off", "remove")
    },
    "web:programs": Door({"GET": needs(May.SHARE_ROSTER), "POST": needs(May.SHARE_ROSTER)}),
    **_edits("program_launch", wanted=needs(May.SHARE_ROSTER), made=by_hand.new_program),
    **{
        f"web:program_launch_{name}": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.opened_program)
        for name in ("secret", "end")
    },
    "web:launch": Door({"GET": MEMBER}, hidden_without=NEVER),
    "web:launch_described": Door({"GET": ANYONE}),
    "web:launch_keys": Door({"GET": ANYONE}),
    "web:launch_authorize": Door({"GET": NOT_SET_UP}),
    "web:launch_token": Door({"POST": TOKEN}, body=by_hand.guessed_code),
    "web:launch_userinfo": Door({"GET": TOKEN, "POST": TOKEN}),
    "web:program_log": Door({"GET": needs(May.SHARE_ROSTER)}, writes=True),
    "web:program_files": Door({"GET": needs(May.SHARE_ROSTER)}, writes=True, made=by_hand.new_program),
    "web:program_messages": Door({"GET": needs(May.SHARE_ROSTER)}, made=by_hand.new_program),
    "web:program_messages_again": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.new_program),
    "web:program_messages_end": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.new_program),
    **{
        f"web:program_outlet_{name}": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.new_program)
        for name in ("now", "end")
    },
    **_edits("program_grant", "program_outlet", wanted=needs(May.SHARE_ROSTER), made=by_hand.new_program),
    **_edits("program_person", wanted=needs(May.SHARE_ROSTER)),
    "web:program_tell": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.withheld_student),
    "web:program_revoke": Door({"POST": needs(May.SHARE_ROSTER)}, made=by_hand.new_program),
    "web:cases": Door({"GET": needs(May.MANAGE_CASES)}),
    "web:case_add": Door({"GET": needs(May.MANAGE_CASES), "POST": needs(May.MANAGE_CASES)}),
    **{
        f"web:case{name}": Door({"GET": needs(May.MANAGE_CASES)})
        for name in ("", "_versions", "_template", "_accounts", "_accounts_file")
    },
    **{
        f"web:case_{name}": Door({"POST": needs(May.MANAGE_CASES)})
        for name in (
            *("files", "columns", "send", "say", "cancel", "logins", "sign_off"),
            *("accounts_confirm", "accounts_wrong", "accounts_rest"),
        )
    },
    "web:case_cells": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_CASES))),
    "web:method": Door({"GET": needs(May.MANAGE_SOURCES)}),
    "web:method_change": Door({"POST": needs(May.MANAGE_SOURCES)}),
    "web:method_call_off": Door({"POST": needs(May.MANAGE_SOURCES)}),
    "web:method_to": Door(dict.fromkeys(("GET", "POST"), needs(May.MANAGE_SOURCES)), body=lambda: {"on": "2020-01-01"}),
}
API = {
    "oauth_token": Door({"POST": TOKEN}, body=lambda: {"grant_type": "client_credentials"}),
    "discovery_0": Door({"GET": ANYONE}),
    "discovery_1": Door({"GET": ANYONE}),
    "oneroster_changes": Door({"GET": TOKEN}),
    "oneroster_webhook": Door(dict.fromkeys(("GET", "PUT", "DELETE"), TOKEN)),
    "oneroster_replay": Door({"POST": TOKEN}),
    "oneroster_v1p1": Door({"GET": TOKEN}),
    "oneroster_v1p2": Door({"GET": TOKEN}),
    "manage-v1:openapi-json": _foreign(ANYONE, "GET"),
    "manage-v1:get_advice": Door({"GET": ANYONE}),
    "manage-v1:get_districts": Door({"GET": SIGNED_IN}),
    "manage-v1:get_district": Door({"GET": MEMBER}),
    "manage-v1:get_sources": Door({"GET": needs(May.MANAGE_SOURCES)}),
    "manage-v1:get_source": Door({"GET": needs(May.MANAGE_SOURCES)}),
    "manage-v1:sync_source": Door({"POST": needs(May.MANAGE_SOURCES, May.START_RUNS)}, made=by_hand.new_source),
    "manage-v1:get_people": Door({"GET": needs(May.VIEW_ROSTER), "POST": EDITS}, is_json=True),
    "manage-v1:get_person": Door(
        {"GET": needs(May.VIEW_ROSTER), "PATCH": EDITS, "DELETE": EDITS}, made=by_hand.new_student, is_json=True
    ),
    "manage-v1:bring_person_back": Door({"POST": EDITS}, made=by_hand.removed_student),
    "manage-v1:post_role": Door({"POST": EDITS}, is_json=True),
    "manage-v1:patch_role": Door({"PATCH": EDITS, "DELETE": EDITS}, made=by_hand.new_student, is_json=True),
    "manage-v1:bring_role_back": Door({"POST": EDITS}, made=by_hand.removed_role),
    "manage-v1:get_classes": Door({"GET": needs(May.VIEW_ROSTER), "POST": EDITS}, is_json=True),
    "manage-v1:get_class": Door(
        {"GET": either(May.VIEW_ROSTER, May.VIEW_OWN_CLASSES), "PATCH": EDITS, "DELETE": EDITS},
        made=by_hand.new_class_of_theirs,
        is_json=True,
    ),
    "manage-v1:bring_class_back": Door({"POST": EDITS}, made=by_hand.removed_class),
    "manage-v1:post_members": Door({"POST": EDITS}, is_json=True),
    "manage-v1:patch_member": Door({"PATCH": EDITS, "DELETE": EDITS}, made=by_hand.new_class, is_json=True),
    "manage-v1:bring_member_back": Door({"POST": EDITS}, made=by_hand.removed_place),
    "manage-v1:get_cases": Door({"GET": needs(May.MANAGE_CASES), "POST": needs(May.MANAGE_CASES)}, is_json=True),
    "manage-v1:get_case": Door({"GET": needs(May.MANAGE_CASES)}),
    "manage-v1:post_files": Door({"POST": needs(May.MANAGE_CASES)}, body=_package_of_a_case),
    "manage-v1:post_send": Door({"POST": needs(May.MANAGE_CASES)}),
    "manage-v1:post_message": Door({"POST": needs(May.MANAGE_CASES)}, is_json=True),
    "manage-v1:post_sign_off": Door({"POST": needs(May.MANAGE_CASES)}),
    "manage-v1:post_cancel": Door({"POST": needs(May.MANAGE_CASES)}),
    "manage-v1:runs": Door({"GET": needs(May.VIEW_RUNS), "POST": needs(May.START_RUNS)}, body=_package),
    "manage-v1:run": Door({"GET": needs(May.VIEW_RUNS)}),
    "manage-v1:get_findings": Door({"GET": needs(May.VIEW_RUNS)}),
    "manage-v1:approve": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}, is_json=True),
    "manage-v1:let_other_schools_go": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "manage-v1:let_safe_part_go": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "manage-v1:discard": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
    "manage-v1:undo": Door({"POST": needs(May.VIEW_RUNS, May.DECIDE_RUNS)}),
}
DROP = {"drop": Door({"PUT": TOKEN}, at={"name": "roster.zip"}), "drop_unnamed": Door({"PUT": TOKEN})}
WATCHING = {"health": Door({"GET": ANYONE}), "metrics": Door({"GET": NOT_SET_UP})}
NOWHERE = {"api/<path:rest>": "/api/manage/v1/no/such/thing", "manage-v1:api-root": "/api/manage/v1/"}
"""Addresses that answer 404 to whoever asks with whatever method: everything in the API that does not exist."""

DOORS: dict[str, Door] = {**ACCOUNT, **DOORS_BEFORE, **ROOMS, **API, **DROP, **WATCHING}
