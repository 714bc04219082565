says: the mailbox is full at delivery only: bounced
query: <big@stranger.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<big@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=40500000, nrcpt=1 (queue active)
2026-11-28T10:00:01.900000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=1.7, delays=0.02/0/0/1.68, dsn=5.2.2, status=bounced (host mail.example.test[private/dovecot-lmtp] said: 552 5.2.2 <bob@example.test> Quota exceeded (mailbox for user is full) (in reply to end of DATA command))
2026-11-28T10:00:01.950000+00:00 mail postfix/bounce[369]: 4jc67W6RCxzCSpS: sender non-delivery notification: 4jc67W6NWgzCT7H
2026-11-28T10:00:01.960000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot
2026-11-28 10:00:01 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<big@stranger.example>: failed to store into mailbox 'INBOX': Quota exceeded (mailbox for user is full)
===
<big@stranger.example>
  from x@stranger.example, 40500000 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS         accepted    by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:01      home  AAAAAAAAAAAAAAAAAAAAAA  not stored  bob@example.test: INBOX: Quota exceeded (mailbox for user is full)
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS         bounced     bob@example.test by mail.example.test[private/dovecot-lmtp] after 1.7 s: host mail.example.test[private/dovecot-lmtp] said: 552 5.2.2 <bob@example.test> Quota exceeded (mailbox for user is full) (in reply to end of DATA command)
  2026-11-28 10:00:01.950  home  4jc67W6RCxzCSpS         notice      sender non-delivery notification, as 4jc67W6NWgzCT7H
  = bob@example.test: bounced: host mail.example.test[private/dovecot-lmtp] said: 552 5.2.2 <bob@example.test> Quota exceeded (mailbox for user is full) (in reply to end of DATA command)
