says: it was accepted in the file before, and delivered in the one in use
query: 4jc67W6RCxzCSpS
--- home postfix 2026-11-28T10:00:01+00:00
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<rotated@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
--- home postfix 2026-11-28T11:00:00+00:00
2026-11-28T10:00:01.900000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
2026-11-28T10:00:01.910000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot 2026-11-28T10:00:01+00:00
--- home dovecot 2026-11-28T11:00:00+00:00
2026-11-28 10:00:01 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<rotated@stranger.example>: stored mail into mailbox 'INBOX'
===
<rotated@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS         accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:01      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 1.7 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in INBOX
