"""Where django-allauth asks what to do with a log-in of a provider: nothing of its own, ever."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from firstbell.web.signon.coming import answer, answer_to_failure
from firstbell.web.signon.failing import WentWrong


class OnTheRosterOnly(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth carries no types
    """allauth's own sign-in and sign-up by a provider never begin."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Closed."""
        return False

    def get_requests_session(self) -> NoReturn:
        """What goes out goes by ``connectors.transport``."""
        raise RuntimeError("providers are spoken to by connectors.transport alone")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider has answered: whom we take it for, and what they see."""
        provider = sociallogin.provider
        response = answer(
            request,
            provider.district,
            provider.connection,
            claims=sociallogin.account.extra_data["id_token"],
            subject=sociallogin.account.uid,
            out=sociallogin.account.extra_data["out"],
            state=sociallogin.state,
        )
        raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """It came to no answer."""
        state = (extra_context or {}).get("state")
        says, remedy = "", ""
        if isinstance(exception, WentWrong):
            says, remedy = exception.says, exception.remedy
        elif state is not None:
            code = str(request.GET.get("error", ""))[:80]
            says = f"The provider sent them back without a log-in: {code or 'it gave no reason'}."
            remedy = "Begin again. If it happens to everybody, look at the provider’s settings for this application."
        response = answer_to_failure(
            request, provider.district, provider.connection, says=says, remedy=remedy, state=state
        )
        raise ImmediateHttpResponse(response)
