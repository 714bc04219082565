"""The program in the container: serve a site, or only judge its description."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from mailrig.discovery.site import SiteError, parse


def main() -> int:
    """Serve until it is ended; with --check, print what is wrong with the description, if anything."""
    parser = argparse.ArgumentParser(prog="python3 -m mailrig.portal")
    parser.add_argument("site", type=Path, help="site.json")
    parser.add_argument("--check", action="store_true", help="only judge it")
    parser.add_argument("--signer", type=Path, help="a file with a key and its chain, to sign profiles with")
    parser.add_argument("--listen", default="0.0.0.0:8080", help="ADDRESS:PORT; port 0 is any that is free")
    options = parser.parse_args()
    return check(options.site) if options.check else serve(options)


def check(site: Path) -> int:
    """Return 0 when the portal can answer by the description, else print why not and return 1."""
    from werkzeug.test import Client

    from mailrig.portal.app import portal

    logging.basicConfig(level=logging.CRITICAL)
    try:
        domain = parse(site.read_text("utf-8")).domains[0]
        status = Client(portal(site)).get("/setup", query_string={"address": f"name@{domain}"}).status
    except (OSError, SiteError, UnicodeError) as error:
        status = str(error)
    if not status.startswith("200"):
        sys.stdout.write(f"{status}\n")
    return int(not status.startswith("200"))


def serve(options: argparse.Namespace) -> int:
    """Serve a site."""
    from mailrig.portal.app import portal
    from mailrig.portal.server import server

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    host, _, port = options.listen.rpartition(":")
    made = server(portal(options.site, options.signer), host, int(port))
    logging.getLogger("mailrig.portal").info("serves at port %s", made.effective_port)
    made.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
