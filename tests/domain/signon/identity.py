"""A SAML identity provider that signs with real keys: what it says can be had good, wrapped, and bent in every way."""

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY, ADDRESS = "https://id.example.org/saml", "https://id.example.org/saml/sign-in"
OUR_ENTITY = "https://firstbell.example/signin/lakeside/by/1/saml/metadata/"
ANSWERS_TO = "https://firstbell.example/signin/lakeside/by/1/saml/"
REQUEST = "ONELOGIN_of_this_sign_in"
SAML, SAMLP, DS = (
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol",
    "http://www.w3.org/2000/09/xmldsig#",
)
NAMES = {"saml": SAML, "samlp": SAMLP, "ds": DS}
RSA_SHA256, SHA256_URI = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1, SHA1_URI = "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"

type Element = Any


def new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: RSAPrivateKey, *, days: int = 365) -> str:
    """Self-signed, in PEM, for so many days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.example.org")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = builder.not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
    return built.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


KEY, OTHER_KEY = new_key(), new_key()
CERTIFICATE, OTHER_CERTIFICATE = certificate(KEY), certificate(OTHER_KEY)


def body(pem: str) -> str:
    return "".join(line for line in pem.splitlines() if "-----" not in line)


def metadata(*certificates: str, entity: str = ENTITY, address: str = ADDRESS) -> str:
    keys = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{body(one)}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in certificates or (CERTIFICATE,)
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">{keys}<md:SingleSignOnService '
        f'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{address}"/></md:IDPSSODescriptor>'
        "</md:EntityDescriptor>"
    )


def moment(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(
    *,
    name: str = "amy",
    number: str = "N-Amy",
    issuer: str = ENTITY,
    audience: str = OUR_ENTITY,
    recipient: str = ANSWERS_TO,
    request: str = REQUEST,
    begins: int = -60,
    ends: int = 300,
    confirmed_until: int = 300,
    method: str = "bearer",
    session_ends: int = 3600,
    id_: str = "_assertion",
    more: str = "",
    leave_out: tuple[str, ...] = (),
) -> str:
    """One assertion in XML, unsigned. ``leave_out`` names what is not said."""
    said = {
        "issuer": f"<saml:Issuer>{issuer}</saml:Issuer>",
        "audience": f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>",
        "recipient": f'Recipient="{recipient}"',
        "request": f'InResponseTo="{request}"',
        "confirmed_until": f'NotOnOrAfter="{moment(confirmed_until)}"',
        "conditions": f'NotBefore="{moment(begins)}" NotOnOrAfter="{moment(ends)}"',
        "name": f"<saml:NameID>{name}</saml:NameID>",
    }
    for part in leave_out:
        said[part] = ""
    return (
        f'<saml:Assertion xmlns:saml="{SAML}" ID="{id_}" Version="2.0" IssueInstant="{moment(-5)}">{said["issuer"]}'
        f'<saml:Subject>{said["name"]}<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:{method}">'
        f"<saml:SubjectConfirmationData {said['confirmed_until']} {said['recipient']} {said['request']}/>"
        f"</saml:SubjectConfirmation></saml:Subject><saml:Conditions {said['conditions']}>{said['audience']}"
        f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{moment(-5)}" SessionIndex="s" '
        f'SessionNotOnOrAfter="{moment(session_ends)}"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
        f'</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="number"><saml:AttributeValue>{number}'
        f"</saml:AttributeValue></saml:Attribute>{more}</saml:AttributeStatement></saml:Assertion>"
    )


def sign(xml: str, key: RSAPrivateKey = KEY, pem: str = CERTIFICATE, *, weak: bool = False) -> str:
    """With an enveloped signature on the root."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    ways = (RSA_SHA1, SHA1_URI) if weak else (RSA_SHA256, SHA256_URI)
    signed = OneLogin_Saml2_Utils.add_sign(xml, private, pem, False, sign_algorithm=ways[0], digest_algorithm=ways[1])
    return signed.decode() if isinstance(signed, bytes) else str(signed)


def response(
    inside: str,
    *,
    request: str = REQUEST,
    destination: str = ANSWERS_TO,
    status: str = "Success",
    version: str = "2.0",
    issuer: str = ENTITY,
) -> str:
    """The response around an assertion, in XML."""
    return (
        f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="_response" Version="{version}" '
        f'IssueInstant="{moment(-5)}" InResponseTo="{request}" Destination="{destination}">'
        f"<saml:Issuer>{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode "
        f'Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>{inside}</samlp:Response>'
    )


def packed(xml: str | bytes) -> str:
    return base64.b64encode(xml.encode() if isinstance(xml, str) else xml).decode()


def good(**said: Any) -> str:
    return response(sign(assertion(**said)))


def _tree(xml: str) -> Element:
    return etree.fromstring(xml.encode())


def _text(tree: Element) -> str:
    return str(etree.tostring(tree).decode())


def _evil(tree: Element) -> Element:
    """A copy that says somebody else, without a signature."""
    copy = deepcopy(tree)
    copy.set("ID", "_evil")
    for value in copy.iterfind(".//saml:AttributeValue", NAMES):
        value.text = "N-Ben"
    for signature in copy.findall(".//ds:Signature", NAMES):
        signature.getparent().remove(signature)
    return copy


def _wrap(bend: Callable[[Element, Element, Element], None]) -> str:
    """Bend a good response, given itself, its signed assertion, and a copy that says somebody else."""
    tree = _tree(good())
    found = tree.find("saml:Assertion", NAMES)
    bend(tree, found, _evil(found))
    return _text(tree)


def _wrap_response(bend: Callable[[Element, Element, Element], None]) -> str:
    """The same with a signed response: given the evil one, the signature, and the signed one without it."""
    signed = _tree(sign(response(sign(assertion()))))
    evil = _evil(signed)
    signature = signed.find("ds:Signature", NAMES)
    signed.remove(signature)
    bend(evil, signature, signed)
    return _text(evil)


def _xsw1(evil: Element, signature: Element, signed: Element) -> None:
    signature.append(signed)
    evil.insert(1, signature)


def _xsw2(evil: Element, signature: Element, signed: Element) -> None:
    evil.insert(1, signature)
    evil.insert(1, signed)


def _xsw3(tree: Element, signed: Element, evil: Element) -> None:
    signed.addprevious(evil)


def _xsw4(tree: Element, signed: Element, evil: Element) -> None:
    tree.replace(signed, evil)
    evil.append(signed)


def _xsw5(tree: Element, signed: Element, evil: Element) -> None:
    signature = signed.find("ds:Signature", NAMES)
    signed.remove(signature)
    signed.addprevious(evil)
    evil.insert(1, signature)


def _xsw6(tree: Element, signed: Element, evil: Element) -> None:
    _xsw5(tree, signed, evil)
    evil.find("ds:Signature", NAMES).append(signed)


def _xsw7(tree: Element, signed: Element, evil: Element) -> None:
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    tree.insert(1, extensions)
    evil.set("ID", signed.get("ID"))
    extensions.append(evil)


def _xsw8(tree: Element, signed: Element, evil: Element) -> None:
    signature = signed.find("ds:Signature", NAMES)
    signed.remove(signature)
    tree.replace(signed, evil)
    evil.insert(1, signature)
    holder = etree.SubElement(signature, f"{{{DS}}}Object")
    holder.append(signed)


WRAPPED: dict[str, Callable[[], str]] = {
    "XSW1": lambda: _wrap_response(_xsw1),
    "XSW2": lambda: _wrap_response(_xsw2),
    "XSW3": lambda: _wrap(_xsw3),
    "XSW4": lambda: _wrap(_xsw4),
    "XSW5": lambda: _wrap(_xsw5),
    "XSW6": lambda: _wrap(_xsw6),
    "XSW7": lambda: _wrap(_xsw7),
    "XSW8": lambda: _wrap(_xsw8),
}


def signed_twice_over(xml: str) -> str:
    """An assertion with one good signature that has two references."""
    xmlsec: Any = import_module("xmlsec")  # its types lack what it is made of in C
    root = etree.fromstring(xml)
    signature = xmlsec.template.create(root, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
    root.insert(1, signature)
    for _ in range(2):
        reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri="#_assertion")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return str(etree.tostring(root).decode())
