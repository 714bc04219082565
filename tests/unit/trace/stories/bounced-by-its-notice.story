says: the queue id of the notice leads to what it tells of
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: 4jc6Cz67XbzCT37
--- home postfix
2026-11-28T10:37:03.576835+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.584870+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.661019+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.673247+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.728670+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.735704+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.800708+00:00 mail postfix/submission/smtpd[1186]: 4jc6Cz5h48zCT3y: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:37:03.804011+00:00 mail postfix/cleanup[1190]: 4jc6Cz5h48zCT3y: message-id=<out-refuse@client.example>
2026-11-28T10:37:03.811102+00:00 mail postfix/qmgr[1185]: 4jc6Cz5h48zCT3y: from=<alice@example.test>, size=582, nrcpt=1 (queue active)
2026-11-28T10:37:03.860235+00:00 mail postfix/smtp[1191]: 4jc6Cz5h48zCT3y: to=<refuse@out.example>, relay=172.18.0.1[192.0.2.7]:36999, conn_use=2, delay=0.07, delays=0.02/0.02/0/0.03, dsn=5.7.1, status=bounced (host 172.18.0.1[192.0.2.7] said: 550 5.7.1 we do not want ?]0;owned? that (in reply to RCPT TO command))
2026-11-28T10:37:03.865172+00:00 mail postfix/cleanup[1190]: 4jc6Cz67XbzCT37: message-id=<4jc6Cz67XbzCT37@mail.example.test>
2026-11-28T10:37:03.866549+00:00 mail postfix/qmgr[1185]: 4jc6Cz67XbzCT37: from=<>, size=2512, nrcpt=1 (queue active)
2026-11-28T10:37:03.867800+00:00 mail postfix/bounce[1197]: 4jc6Cz5h48zCT3y: sender non-delivery notification: 4jc6Cz67XbzCT37
2026-11-28T10:37:03.868501+00:00 mail postfix/qmgr[1185]: 4jc6Cz5h48zCT3y: removed
2026-11-28T10:37:03.878823+00:00 mail postfix/lmtp[1193]: 4jc6Cz67XbzCT37: to=<alice@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> cJusM8+uCmtRAAAAUi6ngw Saved)
2026-11-28T10:37:03.879227+00:00 mail postfix/qmgr[1185]: 4jc6Cz67XbzCT37: removed
--- home dovecot
2026-11-28 10:37:03 lmtp(alice@example.test)<81><cJusM8+uCmtRAAAAUi6ngw>: Info: sieve: msgid=<4jc6Cz67XbzCT37@mail.example.test>: stored mail into mailbox 'INBOX'
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
<out-refuse@client.example>
  from alice@example.test, 582 bytes
  2026-11-28 10:37:03.800  home  4jc6Cz5h48zCT3y         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:37:03.860  home  4jc6Cz5h48zCT3y         bounced   refuse@out.example by 172.18.0.1[192.0.2.7]:36999 after 0.07 s: host 172.18.0.1[192.0.2.7] said: 550 5.7.1 we do not want ?]0;owned? that (in reply to RCPT TO command)
  2026-11-28 10:37:03.867  home  4jc6Cz5h48zCT3y         notice    sender non-delivery notification, as 4jc6Cz67XbzCT37
  2026-11-28 10:37:03      home  cJusM8+uCmtRAAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:37:03.878  home  4jc6Cz67XbzCT37         sent      alice@example.test by mail.example.test[private/dovecot-lmtp] after 0.02 s: 250 2.0.0 <alice@example.test> cJusM8+uCmtRAAAAUi6ngw Saved
  = refuse@out.example: bounced: host 172.18.0.1[192.0.2.7] said: 550 5.7.1 we do not want ?]0;owned? that (in reply to RCPT TO command)
