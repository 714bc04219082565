says: only the end of its way is left in the logs
query: <old@stranger.example>
--- home postfix
2026-11-28T10:00:01.900000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
2026-11-28T10:00:01.910000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot
2026-11-28 10:00:01 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<old@stranger.example>: stored mail into mailbox 'INBOX'
===
<old@stranger.example>
  2026-11-28 10:00:01      home  AAAAAAAAAAAAAAAAAAAAAA  stored  bob@example.test: INBOX
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS         sent    bob@example.test by mail.example.test[private/dovecot-lmtp] after 1.7 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in INBOX
