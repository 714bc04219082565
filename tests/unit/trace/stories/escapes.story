says: what would act on a terminal is shown by its number, wherever it came from
query: <evil@stranger.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.\x1b[2Jstranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<evil@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<\x1b]0;owned\x07@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:01.900000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<"quo\x9bted> "@elsewhere.example>, relay=mx.elsewhere.example[198.51.100.2]:25, delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 \x1b[31m ok\x0d\x08\x7f)
--- home dovecot
2026-11-28 10:00:01 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<evil@stranger.example>: fileinto action: stored mail into mailbox 'Red\x1b[31m'
===
<evil@stranger.example>
  from \u001b]0;owned\u0007@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS         accepted  by port 25 from mail.\u001b[2Jstranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:01      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: Red\u001b[31m
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS         sent      "quo\u009bted> "@elsewhere.example by mx.elsewhere.example[198.51.100.2]:25 after 1.7 s: 250 \u001b[31m ok\u000d\u0008\u007f
  = "quo\u009bted> "@elsewhere.example: sent to mx.elsewhere.example[198.51.100.2]:25
  = bob@example.test: stored in Red\u001b[31m
