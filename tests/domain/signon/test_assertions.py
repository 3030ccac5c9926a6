"""A SAML response proves who somebody is, or nothing: wrapped, bent, borrowed and late ones are refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.domain.signon.identity import (
    ADDRESS,
    ANSWERS_TO,
    CERTIFICATE,
    ENTITY,
    KEY,
    OTHER_CERTIFICATE,
    OTHER_KEY,
    OUR_ENTITY,
    REQUEST,
    WRAPPED,
    assertion,
    certificate,
    good,
    metadata,
    packed,
    response,
    sign,
    signed_twice_over,
)

from firstbell.domain.signon.assertions import (
    BadMetadata,
    Ours,
    ask,
    check_response,
    describe_us,
    read_identity,
)
from firstbell.domain.signon.tokens import BadToken

US = Ours(OUR_ENTITY, ANSWERS_TO)
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)

GOOD: dict[str, Callable[[], str]] = {
    "a signed assertion": lambda: packed(good()),
    "both signed": lambda: packed(sign(response(sign(assertion())))),
    "with a declaration": lambda: packed('<?xml version="1.0" encoding="UTF-8"?>' + good()),
    "without a name": lambda: packed(good(leave_out=("name",))),
}
BAD: dict[str, Callable[[], str]] = {
    **{name: lambda wrapped=wrapped: packed(wrapped()) for name, wrapped in WRAPPED.items()},  # type: ignore[misc]
    # signatures
    "unsigned": lambda: packed(response(assertion())),
    "an unsigned assertion in a signed response": lambda: packed(sign(response(assertion()))),
    "another key": lambda: packed(response(sign(assertion(), OTHER_KEY, OTHER_CERTIFICATE))),
    "another key under the right certificate": lambda: packed(response(sign(assertion(), OTHER_KEY, CERTIFICATE))),
    "SHA-1": lambda: packed(response(sign(assertion(), weak=True))),
    "changed afterwards": lambda: packed(good().replace("N-Amy", "N-Ben")),
    "renamed afterwards": lambda: packed(good().replace(">amy<", ">ben<")),
    "a response signed by another": lambda: packed(sign(response(sign(assertion())), OTHER_KEY, OTHER_CERTIFICATE)),
    "the reference emptied": lambda: packed(good().replace('URI="#_assertion"', 'URI=""')),
    "the signature cut out": lambda: packed(good().replace("ds:SignatureValue", "ds:Nothing")),
    "two assertions": lambda: packed(response(sign(assertion()) + sign(assertion(id_="_two", number="N-Ben")))),
    "the same assertion twice": lambda: packed(response(sign(assertion()) * 2)),
    "no assertion": lambda: packed(response("")),
    # text that reads otherwise to another
    "a comment in the name": lambda: packed(good().replace(">amy<", ">am<!-- -->y<")),
    "a comment in the value": lambda: packed(good().replace(">N-Amy<", ">N-<!-- x -->Amy<")),
    "an instruction in the value": lambda: packed(good().replace(">N-Amy<", ">N-<?x y?>Amy<")),
    "a CDATA section": lambda: packed(good().replace(">N-Amy<", "><![CDATA[N-Amy]]><")),
    "an entity": lambda: packed('<!DOCTYPE r [<!ENTITY e "N-Amy">]>' + good()),
    "a file by an entity": lambda: packed('<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + good()),
    "a billion laughs": lambda: packed(LAUGHS + good()),
    "UTF-16": lambda: packed(good().encode("utf-16")),
    "an attribute twice": lambda: packed(
        good(more='<saml:Attribute Name="number"><saml:AttributeValue>N-Ben</saml:AttributeValue></saml:Attribute>')
    ),
    # not for us
    "another audience": lambda: packed(good(audience="https://other.example/")),
    "an audience that begins like ours": lambda: packed(good(audience=f"{OUR_ENTITY}x")),
    "no audience": lambda: packed(good(leave_out=("audience",))),
    "another recipient": lambda: packed(good(recipient="https://other.example/acs")),
    "a recipient that holds our address": lambda: packed(good(recipient=f"https://evil.test/?{ANSWERS_TO}")),
    "no recipient": lambda: packed(good(leave_out=("recipient",))),
    "another destination": lambda: packed(response(sign(assertion()), destination="https://other.example/acs")),
    "a destination that begins like ours": lambda: packed(response(sign(assertion()), destination=f"{ANSWERS_TO}x")),
    "another issuer": lambda: packed(good(issuer="https://evil.test/saml")),
    "another issuer of the response": lambda: packed(response(sign(assertion()), issuer="https://evil.test/saml")),
    "no issuer": lambda: packed(good(leave_out=("issuer",))),
    # of another sign-in
    "another request": lambda: packed(response(sign(assertion(request="_other")), request="_other")),
    "an old assertion in a new response": lambda: packed(response(sign(assertion(request="_other")))),
    "a new assertion in an old response": lambda: packed(response(sign(assertion()), request="_other")),
    "nobody asked": lambda: packed(good(leave_out=("request",)).replace(f'InResponseTo="{REQUEST}"', "")),
    "no request in what is signed": lambda: packed(good(leave_out=("request",))),
    # not now
    "over": lambda: packed(good(ends=-400, begins=-800)),
    "not yet": lambda: packed(good(begins=1000, ends=2000)),
    "confirmed until before": lambda: packed(good(confirmed_until=-10)),
    "confirmed without an end": lambda: packed(good(leave_out=("confirmed_until",))),
    "a session that is over": lambda: packed(good(session_ends=-10)),
    # not so
    "holder of a key": lambda: packed(good(method="holder-of-key")),
    "a refusal": lambda: packed(response(sign(assertion()), status="Responder")),
    "SAML 1.1": lambda: packed(response(sign(assertion()), version="1.1")),
    "an assertion alone": lambda: packed(sign(assertion())),
    "nothing": lambda: "",
    "not base64": lambda: "&&&&",
    "not XML": lambda: packed("hello"),
    "half of it": lambda: packed(good()[:900]),
    "a megabyte": lambda: packed(good() + " " * 1_000_000),
}


def _check(said: str, *certificates: str) -> dict[str, object]:
    identity = read_identity(metadata(*certificates))
    return check_response(said, identity, US, request_id=REQUEST, now=datetime.now(UTC)).attributes


def test_there_are_more_than_thirty() -> None:
    assert len(BAD) >= 30


@pytest.mark.parametrize("name", GOOD)
def test_a_good_response_says_who_it_is(name: str) -> None:
    assert _check(GOOD[name]())["number"] == ["N-Amy"]


@pytest.mark.parametrize("name", BAD)
def test_a_response_that_is_not_quite_right_is_refused(name: str) -> None:
    with pytest.raises(BadToken):
        _check(BAD[name]())


def test_a_new_certificate_works_beside_the_old_one_and_a_removed_one_no_more() -> None:
    by_the_new = packed(response(sign(assertion(), OTHER_KEY, OTHER_CERTIFICATE)))
    for said in (packed(good()), by_the_new):
        assert _check(said, CERTIFICATE, OTHER_CERTIFICATE)
    with pytest.raises(BadToken):
        _check(packed(good()), OTHER_CERTIFICATE)


def test_certificates_that_ended_sign_for_nobody() -> None:
    old = certificate(KEY, days=-1)
    with pytest.raises(BadToken, match="ended"):
        _check(packed(response(sign(assertion(), KEY, old))), old)


def test_a_name_for_once_is_no_name() -> None:
    said = good().replace("<saml:NameID>", '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">')
    with pytest.raises(BadToken):  # bent: its signature is broken
        _check(packed(said))
    once = assertion().replace(
        "<saml:NameID>", '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">'
    )
    identity = read_identity(metadata())
    now = datetime.now(UTC)
    found = check_response(packed(response(sign(once))), identity, US, request_id=REQUEST, now=now)
    assert found.subject == ""
    lasting = check_response(packed(good()), identity, US, request_id=REQUEST, now=now)
    assert lasting.subject == "amy"


def test_metadata_tell_where_it_is_and_until_when() -> None:
    identity = read_identity(metadata(CERTIFICATE, OTHER_CERTIFICATE))
    assert (identity.entity_id, identity.address, len(identity.certificates)) == (ENTITY, ADDRESS, 2)
    assert timedelta(days=364) < identity.ends_at - datetime.now(UTC) < timedelta(days=366)


BAD_METADATA = {
    "nothing": "",
    "not XML": "hello",
    "of a service": '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
    "no certificate": metadata().replace("X509Certificate>", "Nothing>"),
    "a bad certificate": metadata().replace("MII", "AAA"),
    "an address that is a script": metadata(address="javascript:alert(1)"),
    "entities": LAUGHS + metadata(),
    "a file": '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + metadata(),
    "two megabytes": metadata() + " " * 2_000_000 + "x",
}


@pytest.mark.parametrize("name", BAD_METADATA)
def test_what_is_no_metadata_is_told(name: str) -> None:
    with pytest.raises(BadMetadata):
        read_identity(BAD_METADATA[name])


def test_we_ask_with_a_request_and_tell_who_we_are() -> None:
    address, request_id = ask(read_identity(metadata()), US, relay_state="a-state")
    assert address.startswith(f"{ADDRESS}?SAMLRequest=")
    assert "RelayState=a-state" in address
    assert request_id
    described = describe_us(US).decode()
    assert OUR_ENTITY in described
    assert ANSWERS_TO in described
    assert 'WantAssertionsSigned="true"' in described


def test_a_signature_over_more_than_the_assertion_is_refused() -> None:
    """Signed by the provider itself; but what is covered besides is nothing that we read."""
    wrong = signed_twice_over(assertion())
    with pytest.raises(BadToken, match="one assertion"):
        _check(packed(response(wrong)))
