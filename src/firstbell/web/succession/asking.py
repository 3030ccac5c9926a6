"""Somebody of a district without an administrator asks to become one."""

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.succession import TooManyWait, ask_to_succeed
from firstbell.domain.accounts.throttle import TooManyGuesses, count_asking
from firstbell.web.signin.forms import SiteCodeForm

TOO_OFTEN = "From where you are, this was asked for often today. Try again in a quarter of an hour."
TOO_MANY = "Several people have asked for this district already. Firstbell answers them first."


class SuccessionForm(SiteCodeForm):
    """Who asks, for which district."""

    person_name = forms.CharField(label="Your name", max_length=200)
    email = forms.EmailField(label="Your e-mail address", help_text="At your school or district.")
    reason = forms.CharField(
        label="What happened?",
        max_length=500,
        help_text="Who was the administrator, and who at your school or district can say that you take over?"
        " The administrators that there are read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    person_name.widget.attrs |= {"autocomplete": "name"}
    email.widget.attrs |= {"autocomplete": "email"}

    def clean_code(self) -> str:
        """A practice space has whoever practises in it."""
        code = super().clean_code()
        if self.district is not None and self.district.is_practice:
            raise forms.ValidationError("This is a practice space. Write the site code of the real one.")
        return code


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The form; then who has the next step."""
    form = SuccessionForm(request.POST or None)
    if form.is_valid() and form.district is not None:
        entered = form.cleaned_data
        try:
            count_asking(get_adapter(request).get_client_ip(request))
            asked = ask_to_succeed(form.district, entered["person_name"], entered["email"], entered["reason"])
        except (TooManyGuesses, TooManyWait) as many:
            form.add_error(None, TOO_OFTEN if isinstance(many, TooManyGuesses) else TOO_MANY)
            return render(request, "succession/ask.html", {"form": form}, status=429)
        return render(request, "succession/asked.html", {"email": asked.email, "name": form.district.name})
    return render(request, "succession/ask.html", {"form": form}, status=422 if form.is_bound else 200)
