"""Forms for who only looks: closed, but for search, signing out and the way out."""

from django.urls import reverse

from firstbell.web.closing import with_closed_forms

LEAVE = "/staff/lakeside/leave/"


def test_a_form_that_changes_something_is_closed_with_all_that_is_in_it() -> None:
    page = with_closed_forms(
        '<form class="card" method="post">\n<input name="a"><button>Save</button></form>', but=LEAVE
    )
    assert page == (
        '<form class="card" method="post"><fieldset class="closed" disabled>\n'
        '<input name="a"><button>Save</button></fieldset></form>'
    )
    assert "disabled>x</fieldset></form>" in with_closed_forms("<form METHOD=POST>x</form>", but=LEAVE)


def test_search_and_the_way_out_stay_open() -> None:
    for form in (
        '<form role="search" action="/d/x/people/">q</form>',
        '<form method="get">q</form>',
        f'<form method="post" action="{LEAVE}">q</form>',
        f'<form method="post" action="{reverse("account_logout")}">q</form>',
    ):
        assert with_closed_forms(form, but=LEAVE) == form


def test_of_several_forms_each_is_looked_at_by_itself() -> None:
    search, save = '<form method="get">q</form>', '<form method="post">s</form>'
    page = with_closed_forms(search + save + search, but=LEAVE)
    assert page == f'{search}<form method="post"><fieldset class="closed" disabled>s</fieldset></form>{search}'
