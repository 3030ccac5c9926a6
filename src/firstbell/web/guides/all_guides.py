"""The guides that there are, in the order in which a school comes to them."""

from typing import Final

from firstbell.web.guides.first_roster import FIRST_ROSTER
from firstbell.web.guides.guide import Guide
from firstbell.web.guides.new_school_year import NEW_SCHOOL_YEAR

GUIDES: Final[dict[str, Guide]] = {guide.code: guide for guide in (FIRST_ROSTER, NEW_SCHOOL_YEAR)}
