says: what Postfix delivers again is recognised, and no duplicate
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <again@again.example>
--- home dovecot
2026-11-28 10:36:56 lmtp(alice@example.test)<67><MBPIEsiuCmtDAAAAUi6ngw>: Info: sieve: msgid=<again@again.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:36:57 lmtp(alice@example.test)<81><8K+uH8muCmtRAAAAUi6ngw>: Info: sieve: DEBUG: delivered again, and dropped
2026-11-28 10:36:57 lmtp(alice@example.test)<81><8K+uH8muCmtRAAAAUi6ngw>: Info: sieve: msgid=<again@again.example>: discard action: Marked message to be discarded if not explicitly delivered (discard action)
===
<again@again.example>
  2026-11-28 10:36:56      home  MBPIEsiuCmtDAAAAUi6ngw  stored   alice@example.test: INBOX
  2026-11-28 10:36:57      home  8K+uH8muCmtRAAAAUi6ngw  dropped  alice@example.test: it is in the mailbox already
  = alice@example.test: stored in INBOX
  = alice@example.test: dropped, since it is in the mailbox already
