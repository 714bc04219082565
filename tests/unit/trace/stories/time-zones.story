says: lines of a host that is an hour east of the other come in the order in which things happened
query: <east@stranger.example>
--- mx postfix
2026-11-28T11:00:00.100000+01:00 mx postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T11:00:00.200000+01:00 mx postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<east@stranger.example>
2026-11-28T11:00:00.300000+01:00 mx postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T11:00:00.400000+01:00 mx postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
2026-11-28T11:00:00.410000+01:00 mx postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot
2026-11-28 10:00:00 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<east@stranger.example>: stored mail into mailbox 'INBOX'
===
<east@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.100  mx    4jc67W6RCxzCSpS         accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:00      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2026-11-28 10:00:00.400  mx    4jc67W6RCxzCSpS         sent      bob@example.test by 100.64.0.2[100.64.0.2]:2525 after 0.3 s, handed over to home: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in INBOX
