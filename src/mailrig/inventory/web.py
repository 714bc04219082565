"""What an inventory says of what is served to browsers, as frozen data; knows nothing of who serves it, or how."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from mailrig.secret import Secret

Language = Literal["en", "ja"]
DatabaseTls = Literal["none", "verify"]
StsMode = Literal["testing", "enforce", "none"]

_Languages = Annotated[
    tuple[Language, ...], Meta(description="in which it speaks; the first where a browser asks for none of them")
]

WEEK = 7 * 86400
_YEAR = 31_557_600  # the most that RFC 8461 section 3.2 allows


class Webmail(Struct, frozen=True, kw_only=True):
    """Roundcube, behind the port `https` of each home that publishes it."""

    languages: _Languages = ("en", "ja")
    database: Annotated[
        Secret | None,
        Meta(
            description="!env, !file or !command with mysql://USER:PASSWORD@HOST/NAME or pgsql://…; "
            "default: SQLite in the volume `roundcube_data`"
        ),
    ] = None
    database_tls: Annotated[
        DatabaseTls, Meta(description="verify: TLS alone, with a certificate for the host in `database`")
    ] = "none"
    database_trust: Annotated[
        str | None, Meta(description="path of the CA of that certificate (PEM); default: the system's CAs")
    ] = None
    name: Annotated[str, Meta(min_length=1, max_length=60, description="what the log-in page calls itself")] = "Webmail"


class SetUp(Struct, frozen=True, kw_only=True):
    """The page that says how to set up a mail program."""

    languages: _Languages = ("en", "ja")


class MtaSts(Struct, frozen=True, kw_only=True):
    """The policy at https://mta-sts.DOMAIN/.well-known/mta-sts.txt (RFC 8461)."""

    mode: Annotated[
        StsMode,
        Meta(description="testing: failures are only reported; enforce: no mail without TLS; none: to take it back"),
    ] = "testing"
    max_age: Annotated[
        int, Meta(ge=86400, le=_YEAR, description="seconds for which others remember it", extra={"example": "604800"})
    ] = WEEK
