says: another server's answer cannot name a delivery of ours as its own
query: <pretends@client.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/submission/smtpd[268]: 4jc67W6RCxzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<pretends@client.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<alice@example.test>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:01.900000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=mx.elsewhere.example[198.51.100.2]:25, delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
--- home dovecot
2026-11-28 10:00:01 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<other@stranger.example>: stored mail into mailbox 'INBOX'
===
<pretends@client.example>
  from alice@example.test, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS  accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), no TLS
  2026-11-28 10:00:01.900  home  4jc67W6RCxzCSpS  sent      y@elsewhere.example by mx.elsewhere.example[198.51.100.2]:25 after 1.7 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = y@elsewhere.example: sent to mx.elsewhere.example[198.51.100.2]:25
