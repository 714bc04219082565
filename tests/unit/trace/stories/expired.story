says: nobody took it for as long as it may wait
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <out-later@client.example>
--- home postfix
2026-11-28T10:37:03.815180+00:00 mail postfix/submission/smtpd[1192]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.821159+00:00 mail postfix/submission/smtpd[1192]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.869862+00:00 mail postfix/submission/smtpd[1192]: 4jc6Cz69fZzCT36: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:37:03.871208+00:00 mail postfix/cleanup[1190]: 4jc6Cz69fZzCT36: message-id=<out-later@client.example>
2026-11-28T10:37:03.872217+00:00 mail postfix/qmgr[1185]: 4jc6Cz69fZzCT36: from=<alice@example.test>, size=578, nrcpt=1 (queue active)
2026-11-28T10:37:03.877135+00:00 mail postfix/smtp[1194]: 4jc6Cz69fZzCT36: to=<later@out.example>, relay=172.18.0.1[192.0.2.7]:36999, delay=0.01, delays=0.01/0/0/0, dsn=4.3.0, status=deferred (host 172.18.0.1[192.0.2.7] said: 451 4.3.0 try later (in reply to RCPT TO command))
2026-11-28T10:37:31.908882+00:00 mail postfix/qmgr[1185]: 4jc6Cz69fZzCT36: from=<alice@example.test>, size=578, nrcpt=1 (queue active)
2026-11-28T10:37:31.920927+00:00 mail postfix/smtp[1194]: 4jc6Cz69fZzCT36: to=<later@out.example>, relay=172.18.0.1[192.0.2.7]:36999, delay=28, delays=28/0/0.01/0, dsn=4.3.0, status=deferred (host 172.18.0.1[192.0.2.7] said: 451 4.3.0 try later (in reply to RCPT TO command))
2026-11-28T10:37:31.922042+00:00 mail postfix/qmgr[1185]: 4jc6Cz69fZzCT36: from=<alice@example.test>, status=expired, returned to sender
2026-11-28T10:37:31.923939+00:00 mail postfix/cleanup[1190]: 4jc6DW6Y7rzCSrG: message-id=<4jc6DW6Y7rzCSrG@mail.example.test>
2026-11-28T10:37:31.926821+00:00 mail postfix/bounce[1195]: 4jc6Cz69fZzCT36: sender non-delivery notification: 4jc6DW6Y7rzCSrG
2026-11-28T10:37:31.927079+00:00 mail postfix/qmgr[1185]: 4jc6DW6Y7rzCSrG: from=<>, size=2463, nrcpt=1 (queue active)
2026-11-28T10:37:31.928529+00:00 mail postfix/qmgr[1185]: 4jc6Cz69fZzCT36: removed
2026-11-28T10:37:31.943809+00:00 mail postfix/lmtp[1193]: 4jc6DW6Y7rzCSrG: to=<alice@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0/0/0.01/0.01, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> 4HNgN+uuCmtDAAAAUi6ngw Saved)
2026-11-28T10:37:31.944510+00:00 mail postfix/qmgr[1185]: 4jc6DW6Y7rzCSrG: removed
--- home dovecot
2026-11-28 10:37:31 lmtp(alice@example.test)<67><4HNgN+uuCmtDAAAAUi6ngw>: Info: sieve: msgid=<4jc6DW6Y7rzCSrG@mail.example.test>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
===
<out-later@client.example>
  from alice@example.test, 578 bytes
  2026-11-28 10:37:03.869  home  4jc6Cz69fZzCT36         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:37:03.877  home  4jc6Cz69fZzCT36         deferred  later@out.example by 172.18.0.1[192.0.2.7]:36999 after 0.01 s: host 172.18.0.1[192.0.2.7] said: 451 4.3.0 try later (in reply to RCPT TO command)
  2026-11-28 10:37:31.920  home  4jc6Cz69fZzCT36         deferred  later@out.example by 172.18.0.1[192.0.2.7]:36999 after 28 s: host 172.18.0.1[192.0.2.7] said: 451 4.3.0 try later (in reply to RCPT TO command)
  2026-11-28 10:37:31.922  home  4jc6Cz69fZzCT36         expired   it waited too long, and is given up
  2026-11-28 10:37:31.926  home  4jc6Cz69fZzCT36         notice    sender non-delivery notification, as 4jc6DW6Y7rzCSrG
  2026-11-28 10:37:31      home  4HNgN+uuCmtDAAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:37:31.943  home  4jc6DW6Y7rzCSrG         sent      alice@example.test by mail.example.test[private/dovecot-lmtp] after 0.02 s: 250 2.0.0 <alice@example.test> 4HNgN+uuCmtDAAAAUi6ngw Saved
  = later@out.example: expired: host 172.18.0.1[192.0.2.7] said: 451 4.3.0 try later (in reply to RCPT TO command)
