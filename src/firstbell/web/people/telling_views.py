"""All that is held about one person, as a file."""

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from firstbell.domain.imports.telling import tell_all
from firstbell.domain.sharing.disclosing import received_of
from firstbell.domain.sharing.granting import list_withheld
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def tell(visit: Visit, person_id: int) -> HttpResponse:
    """A document for the family that asks. That somebody asked is in the audit."""
    document = tell_all(visit.district, visit.viewer, person_id, today=visit.today)
    document = {**document, "programs": _programs(visit, person_id)}
    answer = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="person-{person_id}.json"'
    return answer


def _programs(visit: Visit, person_id: int) -> dict[str, object]:
    """Who received what of the person, and from whom they are withheld."""
    return {
        "received": [asdict(one) for one in received_of(visit.district, person_id)],
        "withheld_from": [
            {"program": one.client.name if one.client else "all programs", "reason": one.reason, "since": one.made_at}
            for one in list_withheld(visit.district, person_id)
        ],
    }
