"""All that is held about one person, as a file."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from firstbell.domain.imports.telling import tell_all
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def tell(visit: Visit, person_id: int) -> HttpResponse:
    """A document for the family that asks. That somebody asked is in the audit."""
    document = tell_all(visit.district, visit.viewer, person_id, today=visit.today)
    answer = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="person-{person_id}.json"'
    return answer
