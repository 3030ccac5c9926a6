"""Letters of cases, read from the server that received them."""

from email.message import EmailMessage

from tests.conftest import new_district
from tests.domain.assisted.conftest import Office
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account
from firstbell.domain.assisted.actions import claim, import_plan, return_case
from firstbell.domain.assisted.answering import Place, answer_dispute, confirm, confirm_rest, dispute, sign_off
from firstbell.domain.assisted.letters import letter_of
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.queries import list_answers
from firstbell.domain.assisted.thread import Said, say_at_desk, say_for_district
from firstbell.domain.assisted.verifying import list_accounts


def _subjects(postbox: Postbox, address: str, case: Case) -> list[str]:
    beginning = f"Case {case.pk} of Lakeside Unified "
    return [str(letter["Subject"]).removeprefix(beginning) for letter in postbox.to(address)]


def _text(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_no_letter_leaves_a_practice_space(office: Office) -> None:
    case = office.ask(origin="https://roster.example.org")
    assert letter_of(office.district, case, case.state) is not None
    office.district.practice_of = new_district("Hilltop Charter School")
    assert letter_of(office.district, case, case.state) is None


def test_each_step_writes_to_who_has_the_next_one_and_tells_nothing_of_a_student(office: Office) -> None:
    with receiving() as postbox:
        contact = str(Account.objects.get(pk=office.contact.account_id or 0).email)
        sam = str(office.sam.account.email)
        case = office.ask(origin="https://roster.example.org")
        claim(office.district, case, office.sam, by=office.by_sam)
        say_for_district(office.district, case, Said("Ana Lopez is new"), by=office.contact)
        work_until_idle("mail")
        say_at_desk(office.district, case, Said("Put her into the sheet"), by=office.by_sam)
        work_until_idle("mail")
        case = office.bring(case)
        work_until_idle("mail")
        return_case(office.district, case, "Ana Lopez is there twice", now=office.now, by=office.by_sam)
        work_until_idle("mail")
        case = office.bring(case)
        import_plan(office.district, case, office.sam, by=office.by_sam)
        case = office.work(case)
        work_until_idle("mail")
        line = list_accounts(office.district, case)[0]
        place = Place(line.file, line.record)
        dispute(office.district, case, place, "Her name is Anna", by=office.contact)
        work_until_idle("mail")
        answer = list_answers(office.district, case)[0]
        answer_dispute(office.district, case, answer.pk, "Done", now=office.now, by=office.by_sam)
        work_until_idle("mail")
        confirm(office.district, case, [place], by=office.contact)
        confirm_rest(office.district, case, now=office.now, by=office.contact)
        case = office.work(case)
        work_until_idle("mail")
        sign_off(office.district, case, now=office.now, by=office.contact)
        work_until_idle("mail")
    assert _subjects(postbox, contact, case) == [
        "has its templates ready",
        "has a new message",
        "came back to you",
        "is imported",
        "has answers for you",
        "is confirmed",
        "is signed off",
    ]
    assert _subjects(postbox, sam, case)[:2] == ["has a new message", "has its plan ready"]
    assert "has an account marked as wrong" in _subjects(postbox, sam, case)
    for letter in [*postbox.to(contact), *postbox.to(sam)]:
        text, page = _text(letter, "plain"), _text(letter, "html")
        assert page.count("<a href=") == 1
        for body in (text, page):
            assert "https://roster.example.org/" in body
            for told in ("Ana", "Lopez", "Anna", "twice", "ana.l"):
                assert told not in body


def test_a_letter_about_what_is_over_is_not_written(office: Office) -> None:
    with receiving() as postbox:
        case = office.ask()
        office.bring(case)  # the plan is ready before anybody wrote of the templates
        work_until_idle("mail")
        contact = str(Account.objects.get(pk=office.contact.account_id or 0).email)
        assert _subjects(postbox, contact, case) == []


def test_without_a_mail_server_everything_goes_on(office: Office) -> None:
    case = office.ask()
    work_until_idle("mail")
    assert office.bring(case).state == "planned"
