"""What Technical Services does with a case. Who is a moment late finds it done, and is told so."""

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_POST

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.assisted.actions import (
    cancel,
    claim,
    hand_over,
    import_plan,
    make_templates_ready,
    return_case,
    set_back,
    take_back_import,
)
from firstbell.domain.assisted.answering import answer_dispute
from firstbell.domain.assisted.models import Case, Form
from firstbell.domain.assisted.queries import list_replies
from firstbell.domain.assisted.staffing import list_desk
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.assisted.thread import Said, say_at_desk
from firstbell.domain.districts.models import District
from firstbell.web.desk.door import acting
from firstbell.web.listing import id_in
from firstbell.web.staff.views import actor_of


def _claim(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    del request
    claim(district, case, staff, by=actor_of(staff))
    return f"Case {case.pk} is yours."


def _hand_over(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    wanted = id_in(request.POST.get("to", ""))
    to = next((one for one in list_desk() if one.pk == wanted), None)
    if wanted is not None and to is None:
        raise NotNow("Choose somebody who works on cases.")
    hand_over(district, case, to, by=actor_of(staff))
    return f"{to.account.name} has the case now." if to else "The case is back in the queue."


def _templates(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    form = request.POST.get("form", "")
    chosen = Form(form) if form in Form.values else Form.UNSURE
    text = request.POST.get("text", "")
    make_templates_ready(district, case, chosen, now=timezone.now(), by=actor_of(staff), message=text)
    return "The district can fill in its templates now."


def _return(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    return_case(district, case, request.POST.get("text", ""), now=timezone.now(), by=actor_of(staff))
    return "The case is with the district, and your message with it."


def _back(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    del request
    set_back(district, case, now=timezone.now(), by=actor_of(staff))
    return f"The case is at “{case.get_state_display()}” again."


def _cancel(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    del request
    cancel(district, case, now=timezone.now(), by=actor_of(staff))
    return "The case is cancelled."


def _import(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    del request
    import_plan(district, case, staff, by=actor_of(staff))
    return "Firstbell imports the plan now."


def _undo(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    take_back_import(district, case, request.POST.get("text", ""), now=timezone.now(), by=actor_of(staff))
    return "The import is undone, and the case is with the district."


def _say(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    posted = request.POST
    reply = next((one.text for one in list_replies() if str(one.pk) == posted.get("reply")), "")
    text = "\n\n".join(part for part in (reply, posted.get("text", "").strip()) if part)
    said = Said(text, posted.get("code", ""), posted.get("file", ""), posted.get("column", ""))
    say_at_desk(district, case, said, by=actor_of(staff))
    return "Sent."


def _answer(request: HttpRequest, staff: StaffMembership, district: District, case: Case) -> str:
    answer_id = id_in(request.POST.get("answer", ""))
    if answer_id is None:
        raise NotNow("Choose what you answer.")
    answer_dispute(district, case, answer_id, request.POST.get("text", ""), now=timezone.now(), by=actor_of(staff))
    return "Answered."


claim_case = require_POST(acting(_claim, own=False))
hand_case_over = require_POST(acting(_hand_over, own=False))
templates_ready = require_POST(acting(_templates))
return_to_district = require_POST(acting(_return))
set_case_back = require_POST(acting(_back))
cancel_case = require_POST(acting(_cancel))
import_case = require_POST(acting(_import))
undo_import = require_POST(acting(_undo))
say = require_POST(acting(_say))
answer = require_POST(acting(_answer))
