"""Reading districts."""

from firstbell.domain.districts.models import District


def find_district(code: str) -> District | None:
    """The district with this code, however it is spelled."""
    return District.objects.filter(code=code.strip().lower()).first()


def list_districts() -> list[District]:
    """Every district, by name."""
    return list(District.objects.order_by("name", "id"))
