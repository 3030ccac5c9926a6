"""A way to an identity provider and back that comes to nothing."""

from allauth.socialaccount.providers.oauth2.client import OAuth2Error


class WentWrong(OAuth2Error):  # type: ignore[misc] # allauth carries no types
    """A sign-in came to no answer. ``says`` and ``remedy`` are for an administrator."""

    def __init__(self, says: str, remedy: str = "") -> None:
        super().__init__(says)
        self.says, self.remedy = says, remedy
