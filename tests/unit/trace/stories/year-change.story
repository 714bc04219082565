says: it came in the old year and was delivered in the new one; the file was last written in January
query: <newyear@stranger.example>
--- home postfix 2027-01-01T00:05:00+00:00
Dec 31 23:59:58 mail postfix/smtpd[268]: 0B7651D8011: client=mail.stranger.example[192.0.2.7]
Dec 31 23:59:58 mail postfix/cleanup[261]: 0B7651D8011: message-id=<newyear@stranger.example>
Dec 31 23:59:59 mail postfix/qmgr[227]: 0B7651D8011: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
Dec 31 23:59:59 mail postfix/lmtp[264]: 0B7651D8011: to=<bob@example.test>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to mail.example.test[private/dovecot-lmtp]: Connection refused)
Jan  1 00:00:15 mail postfix/lmtp[264]: 0B7651D8011: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=17, delays=17/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
Jan  1 00:00:15 mail postfix/qmgr[227]: 0B7651D8011: removed
--- home dovecot 2027-01-01T00:05:00+00:00
2027-01-01 00:00:15 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<newyear@stranger.example>: stored mail into mailbox 'INBOX'
===
<newyear@stranger.example>
  from x@stranger.example, 405 bytes
  2026-12-31 23:59:58      home  0B7651D8011             accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-12-31 23:59:59      home  0B7651D8011             deferred  bob@example.test after 1 s: connect to mail.example.test[private/dovecot-lmtp]: Connection refused
  2027-01-01 00:00:15      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2027-01-01 00:00:15      home  0B7651D8011             sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 17 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in INBOX
