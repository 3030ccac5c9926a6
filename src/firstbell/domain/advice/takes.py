"""What a product takes: methods, the ways of Automated, kinds of single sign-on. No Django: the advisor asks it too."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.advice.answers import Method

FORMATS: Final[dict[str, str]] = {
    "oneroster-csv": "OneRoster files",
    "oneroster-api": "the OneRoster API",
    "clever": "Clever",
    "classlink": "ClassLink",
    "sds": "Microsoft School Data Sync",
}
"""By what a product can be rostered automatically."""
SSO: Final[dict[str, str]] = {
    "saml": "SAML",
    "oidc": "OpenID Connect",
    "clever": "Clever",
    "classlink": "ClassLink",
    "google": "Google",
    "microsoft": "Microsoft",
}


@dataclass(frozen=True, slots=True)
class Takes:
    """One product of the catalogue."""

    code: str
    name: str
    methods: tuple[Method, ...]
    formats: tuple[str, ...] = ()
    """The only ways by which it takes Automated; none where it takes any."""
    sso: tuple[str, ...] = ()
    roll_over: str = ""
    """What happens to its accounts and classes at the end of a school year, in a sentence."""
    retired: bool = False
    """Nobody gets it any more; who has it keeps it."""

    @property
    def formats_in_words(self) -> str:
        """ "Clever or ClassLink"."""
        return listed([FORMATS[one] for one in self.formats], "or")

    @property
    def sso_in_words(self) -> str:
        """ "SAML or Google"."""
        return listed([SSO[one] for one in self.sso], "or")


def listed(words: list[str], last: str) -> str:
    """ "one, another and a third"; blank for none."""
    *most, end = words or [""]
    return f"{', '.join(most)} {last} {end}" if most else end
