"""Open connections, counted from the kernel's table."""

from __future__ import annotations

from mailrig.engine.sessions import open_sessions

# From a Dovecot container with two IMAP clients behind the gateway 172.31.250.1, and one that has just gone.
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:03E1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5392829 1 0 100 0 0 10 0
   1: 1EFA1FAC:03E1 01FA1FAC:D1E2 01 00000000:00000000 00:00000000 00000000   502        0 5393001 1 0 20 4 30 10 -1
   2: 1EFA1FAC:03E1 01FA1FAC:D1E4 01 00000000:00000000 00:00000000 00000000   502        0 5393002 1 0 20 4 30 10 -1
   3: 1EFA1FAC:03E1 01FA1FAC:D1E0 06 00000000:00000000 03:00000FA1 00000000     0        0 0 3 0
   4: 0100007F:03E1 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000   502        0 5393003 1 0 20 4 30 10 -1
   5: 1EFA1FAC:105E 01FA1FAC:C0DE 01 00000000:00000000 00:00000000 00000000   502        0 5393004 1 0 20 4 30 10 -1
   6: 1EFA1FAC:A0D8 01FA1FAC:03E1 01 00000000:00000000 00:00000000 00000000   502        0 5393005 1 0 20 4 30 10 -1
"""


def test_clients_are_counted_by_port() -> None:
    """Only what is established from outside to a port of ours counts: no listener, no loopback, no call of our own."""
    assert open_sessions(TABLE) == {"imaps": 2, "managesieve": 1}


def test_nobody_is_connected() -> None:
    """A table of listeners, or none at all, has no sessions."""
    assert open_sessions("\n".join(TABLE.splitlines()[:2])) == {}
    assert open_sessions("") == {}
