says: stamps without year and zone, in logs of syslog's old form, Dovecot's through syslog too
query: <plain@client.example>
--- home postfix 2026-11-28T11:00:00+00:00
Nov 28 10:00:00 mail postfix/smtpd[268]: connect from mail.stranger.example[192.0.2.7]
Nov 28 10:00:00 mail postfix/smtpd[268]: Trusted TLS connection established from mail.stranger.example[192.0.2.7]: TLSv1.2 with cipher ECDHE-ECDSA-AES128-GCM-SHA256 (128/128 bits)
Nov 28 10:00:00 mail postfix/smtpd[268]: 0B7651D8011: client=mail.stranger.example[192.0.2.7]
Nov 28 10:00:00 mail postfix/cleanup[261]: 0B7651D8011: message-id=<plain@client.example>
Nov 28 10:00:00 mail postfix/qmgr[227]: 0B7651D8011: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
Nov 28 10:00:01 mail postfix/lmtp[264]: 0B7651D8011: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.7, delays=0.02/0/0/0.68, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved)
Nov 28 10:00:01 mail postfix/qmgr[227]: 0B7651D8011: removed
--- home dovecot 2026-11-28T11:00:00+00:00
Nov 28 10:00:01 mail dovecot: lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: sieve: msgid=<plain@client.example>: stored mail into mailbox 'INBOX'
===
<plain@client.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00      home  0B7651D8011             accepted  by port 25 from mail.stranger.example[192.0.2.7], TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256
  2026-11-28 10:00:01      home  AAAAAAAAAAAAAAAAAAAAAA  stored    bob@example.test: INBOX
  2026-11-28 10:00:01      home  0B7651D8011             sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.7 s: 250 2.0.0 <bob@example.test> AAAAAAAAAAAAAAAAAAAAAA Saved
  = bob@example.test: stored in INBOX
