"""Fetching a district for someone who must be allowed to."""

from collections.abc import Container

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district


class NoSuchDistrict(Exception):
    """Not there, or not yours: the same answer for both."""


def access_district(code: str, *, allowed: Container[int]) -> District:
    """The district with this code if its id is among those that the caller may see; raises NoSuchDistrict."""
    district = find_district(code)
    if district is None or district.pk not in allowed:
        raise NoSuchDistrict(code)
    return district
