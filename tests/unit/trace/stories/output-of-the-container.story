says: where only the container's output is left, lines have no host name
query: <output@stranger.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<output@stranger.example>
2026-11-28T10:00:00.220000+00:00 postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:01.900000+00:00 postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
===
<output@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS  sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 1.7 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in the mailbox
