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
    parser.add_argument("--signer", type=Path, help="a directory with tls.crt and tls.key")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    return check(options.site) if options.check else serve(options)


def check(site: Path) -> int:
    """Return 0 when the description can be read, else print why not and return 1."""
    try:
        parse(site.read_text("utf-8"))
    except (OSError, SiteError, UnicodeError) as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve a site."""
    from mailrig.portal.app import portal
    from mailrig.portal.server import server

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    server(portal(options.site, options.signer), port=options.port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
