says: one message to an address and to the same with a +extension comes twice, and it is said why
query: <both@client.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/submission/smtpd[268]: 4jc67W6RCxzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<both@client.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<alice@example.test>, size=405, nrcpt=2 (queue active)
2026-11-28T10:00:00.300000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.1, delays=0.02/0/0/0.08, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
2026-11-28T10:00:00.400000+00:00 mail postfix/lmtp[265]: 4jc67W6RCxzCSpS: to=<bob+lists@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.2, delays=0.02/0/0/0.18, dsn=2.0.0, status=sent (250 2.0.0 <bob+lists@example.test> BBBBBBBBBBBBBBBBBBBBBB Saved)
2026-11-28T10:00:00.410000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: removed
--- home dovecot
2026-11-28 10:00:00 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<both@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:00:00 lmtp(bob@example.test)<381><BBBBBBBBBBBBBBBBBBBBBB>: Info: sieve: msgid=<both@client.example>: stored mail into mailbox 'INBOX'
===
<both@client.example>
  from alice@example.test, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), no TLS
  2026-11-28 10:00:00      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2026-11-28 10:00:00.300  home  4jc67W6RCxzCSpS         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.1 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  2026-11-28 10:00:00      home  BBBBBBBBBBBBBBBBBBBBBB  stored    bob@example.test: INBOX
  2026-11-28 10:00:00.400  home  4jc67W6RCxzCSpS         sent      bob+lists@example.test by mail.example.test[private/dovecot-lmtp] after 0.2 s: 250 2.0.0 <bob+lists@example.test> BBBBBBBBBBBBBBBBBBBBBB Saved
  = bob@example.test: stored in INBOX
  = bob+lists@example.test: stored in INBOX
  ! delivered twice to bob@example.test: it was addressed to bob@example.test and bob+lists@example.test
