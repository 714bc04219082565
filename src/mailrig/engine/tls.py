"""An engine that listens on a port: who it must prove to be, who we prove to be, and what can go wrong with either."""

from __future__ import annotations

from docker.errors import TLSParameterError
from docker.tls import TLSConfig

from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import Tcp


def tls(address: Tcp) -> TLSConfig | bool:
    """Return what docker-py is told of an address's certificates; raise EngineError where they are needed."""
    if address.tls is None:
        if not address.is_remote:
            return False
        raise EngineError(
            f"{address} without certificates: whoever reaches an engine without TLS is root on its host",
            hint="name `engine_tls: {ca: …, cert: …, key: …}` beside the address, or write ssh://user@host"
            " (with --engine: DOCKER_CERT_PATH)",
        )
    files = address.tls
    try:
        return TLSConfig(client_cert=(str(files.cert), str(files.key)), ca_cert=str(files.ca), verify=True)
    except TLSParameterError as error:
        paths = f"{files.ca}, {files.cert}, {files.key}"
        raise EngineError(f"cannot read the certificates for {address}: {paths}", hint="do the files exist?") from error


def lost(address: Tcp) -> EngineUnreachable:
    """Return what is to be said when the connection has ended before its time."""
    return EngineUnreachable(
        f"the connection to {address} was lost",
        hint="try again when the host can be reached; what a deploy had begun there, the next one puts right",
    )


def refused(address: Tcp, error: BaseException) -> EngineUnreachable:
    """Return why no engine answers at an address, from what was raised when we tried."""
    text = _innermost(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("verify failed: ")[2].partition(" (_ssl")[0] or text
        why = f"its certificate is not to be trusted: {reason}"
        hint = "`engine_tls.ca` must be the CA that issued it, and the host's name or address must stand in it"
    elif "alert" in text or "ALERT" in text:
        why = f"it does not accept our certificate: {text}"
        hint = "`engine_tls.cert` must be issued by the CA that its dockerd was given as --tlscacert, for client use"
    elif "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
        why, hint = "it speaks no TLS", "start its dockerd with --tlsverify: without TLS, whoever reaches it is root"
    elif "HTTP request to an HTTPS server" in text:
        why, hint = "it speaks TLS alone", "name `engine_tls: {ca: …, cert: …, key: …}` beside the address"
    else:
        why, hint = text, f"does its dockerd listen there, and does a firewall let us through? (tcp {address.port})"
    return EngineUnreachable(f"no Docker engine answers at {address}\n{why}", hint=hint)


def _innermost(error: BaseException) -> str:
    """Return what was said at the bottom: libraries wrap it several times, in causes, contexts and arguments."""
    below = error
    while True:
        inner = below.__cause__ or below.__context__ or _argument(below)
        if inner is None or inner is below:
            return str(below.strerror if isinstance(below, OSError) and below.strerror else below)
        below = inner


def _argument(error: BaseException) -> BaseException | None:
    candidates = (*error.args, getattr(error, "reason", None))
    return next((one for one in candidates if isinstance(one, BaseException)), None)
