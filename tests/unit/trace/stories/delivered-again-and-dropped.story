says: the same, but exactly-once.sieve recognises it: nobody has it twice
query: <double@stranger.example>
--- home postfix
2026-11-28T10:00:00.100000+00:00 mail postfix/smtpd[268]: connect from mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<double@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:00.230000+00:00 mail postfix/smtpd[268]: disconnect from mail.stranger.example[192.0.2.7] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5
2026-11-28T10:00:00.900000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.7, delays=0.02/0/0/0.68, dsn=4.4.2, status=deferred (lost connection with mail.example.test[private/dovecot-lmtp] while sending end of data -- message may be sent more than once)
2026-11-28T10:00:16.000000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:16.100000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=16, delays=16/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> BBBBBBBBBBBBBBBBBBBBBB Saved)
2026-11-28T10:00:16.110000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot
2026-11-28 10:00:00 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<double@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:00:16 lmtp(bob@example.test)<90><BBBBBBBBBBBBBBBBBBBBBB>: Info: sieve: DEBUG: delivered again, and dropped
2026-11-28 10:00:16 lmtp(bob@example.test)<90><BBBBBBBBBBBBBBBBBBBBBB>: Info: sieve: msgid=<double@stranger.example>: discard action: Marked message to be discarded if not explicitly delivered (discard action)
===
<double@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS         accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:00      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2026-11-28 10:00:00.900  home  4jc67W6RCxzCSpS         deferred  bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.7 s: lost connection with mail.example.test[private/dovecot-lmtp] while sending end of data -- message may be sent more than once
  2026-11-28 10:00:16      home  BBBBBBBBBBBBBBBBBBBBBB  dropped   bob@example.test: it is in the mailbox already
  2026-11-28 10:00:16.100  home  4jc67W6RCxzCSpS         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 16 s: 250 2.0.0 <bob@example.test> BBBBBBBBBBBBBBBBBBBBBB Saved
  = bob@example.test: dropped, since it is in the mailbox already
  = bob@example.test: stored in INBOX
