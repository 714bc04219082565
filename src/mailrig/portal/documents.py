"""What mail programs ask by themselves: autoconfig, Autodiscover, PACC and profiles; must not know what people see."""

from __future__ import annotations

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from werkzeug import Request, Response
from werkzeug.exceptions import BadRequest, NotFound

from mailrig.discovery import Settings
from mailrig.discovery.autoconfig import autoconfig
from mailrig.discovery.autodiscover import (
    INVALID_REQUEST,
    NO_SUCH_ADDRESS,
    RESPONSE,
    UNKNOWN_SCHEMA,
    autodiscover,
    refusal,
)
from mailrig.discovery.pacc import pacc
from mailrig.discovery.profile import profile
from mailrig.discovery.site import Language, Site
from mailrig.portal.address import Address, Fault, read_address
from mailrig.portal.signer import Signer

LARGEST_BODY = 64 * 1024  # a request of Autodiscover has 500 bytes

_XML = "text/xml; charset=utf-8"
_APPLE = "application/x-apple-aspen-config"


def serve_autoconfig(request: Request, site: Site) -> Response:
    """Answer a program that knows an address, or asks at a name of its domain's own: autoconfig.DOMAIN, or DOMAIN."""
    asked = request.args.get("emailaddress", "")
    domain = _domain_of(asked, site) if asked else _domain_of_host(request, site)
    return Response(autoconfig(_settings(site, domain)), content_type=_XML)


def serve_pacc(request: Request, site: Site) -> Response:
    """Answer at ua-auto-config.DOMAIN, or another name of the domain's own."""
    document = pacc(site.settings(_domain_of_host(request, site)))
    if document is None:
        raise NotFound
    return Response(document, content_type="application/json")


def serve_autodiscover(request: Request, site: Site) -> Response:
    """Answer Outlook; what cannot be answered is refused in the protocol's own form."""
    try:
        address = _asked_about(request, site)
    except _RefusedError as error:
        return refused(error.status, error.code, error.message, **error.headers)
    return Response(autodiscover(site.settings(address.domain), str(address)), content_type=_XML)


def refused(status: int, code: int, message: str, **headers: str) -> Response:
    """Return a refusal as Autodiscover has it; ``code`` is the protocol's own."""
    return Response(refusal(code, message), status, headers, content_type=_XML)


class _RefusedError(Exception):
    def __init__(self, status: int, code: int, message: str, **headers: str) -> None:
        self.status, self.code, self.message, self.headers = status, code, message, headers


def _asked_about(request: Request, site: Site) -> Address:
    """Return the address that a program asks about, or raise what it is answered."""
    if request.method != "POST":
        raise _RefusedError(405, INVALID_REQUEST, "Invalid request: this is asked by POST", Allow="POST")
    if (request.content_length or 0) > LARGEST_BODY:
        raise _RefusedError(413, INVALID_REQUEST, "Invalid request: it is too large")
    asked, schema = _read(request.stream.read(LARGEST_BODY))
    if schema and schema != RESPONSE:
        raise _RefusedError(400, UNKNOWN_SCHEMA, "The requested schema version is not supported")
    match read_address(asked, site.domains):
        case Address() as address if site.settings(address.domain).is_complete:
            return address
        case Address() | Fault.FOREIGN:
            raise _RefusedError(404, NO_SUCH_ADDRESS, "No mail of this domain is served here")
    raise _RefusedError(400, INVALID_REQUEST, "Invalid request: it names no mail address")


def _read(body: bytes) -> tuple[str, str]:
    """Return the address in a request and the schema that is wanted; no entity and no DTD gets through."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        message = "Invalid request: it is not the XML that this protocol has"
        raise _RefusedError(400, INVALID_REQUEST, message) from None
    return root.findtext(".//{*}EMailAddress") or "", (root.findtext(".//{*}AcceptableResponseSchema") or "").strip()


def serve_profile(request: Request, site: Site, signer: Signer, language: Language) -> Response:
    """Answer an Apple device: the profile for an address, in its language, signed where that can be done."""
    address = read_address(request.args.get("address", ""), site.domains)
    if address is Fault.FOREIGN:
        raise NotFound
    if isinstance(address, Fault):
        raise BadRequest
    content = profile(_settings(site, address.domain), str(address), site.authorities or None, language)
    disposition = f'attachment; filename="{address.domain}.mobileconfig"'
    return Response(signer.sign(content), content_type=_APPLE, headers={"Content-Disposition": disposition})


def _settings(site: Site, domain: str) -> Settings:
    settings = site.settings(domain)
    if not settings.is_complete:
        raise NotFound
    return settings


def _domain_of(address: str, site: Site) -> str:
    match read_address(address, site.domains):
        case Address(domain=domain):
            return domain
        case Fault.FOREIGN:
            raise NotFound
    raise BadRequest


def _domain_of_host(request: Request, site: Site) -> str:
    """Return the domain in which the name is that was asked: the longest, where one domain is below another."""
    name = "." + request.headers.get("Host", "").partition(":")[0].lower().rstrip(".")
    found = [domain for domain in site.domains if name.endswith(f".{domain}")]
    if not found:
        raise NotFound
    return max(found, key=len)
