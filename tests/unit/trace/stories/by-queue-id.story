says: a queue id leads to the message
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: 4jc6Cz550fzCT36
--- home postfix
2026-11-28T10:37:03.576835+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.584870+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.661019+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.673247+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.716795+00:00 mail postfix/submission/smtpd[1186]: 4jc6Cz550fzCT36: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:37:03.722959+00:00 mail postfix/cleanup[1190]: 4jc6Cz550fzCT36: message-id=<out-ok@client.example>
2026-11-28T10:37:03.728131+00:00 mail postfix/qmgr[1185]: 4jc6Cz550fzCT36: from=<alice@example.test>, size=565, nrcpt=2 (queue active)
2026-11-28T10:37:03.728670+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.735704+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.815146+00:00 mail postfix/lmtp[1193]: 4jc6Cz550fzCT36: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.11, delays=0.02/0.07/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> qIprL8+uCmtDAAAAUi6ngw Saved)
2026-11-28T10:37:03.828517+00:00 mail postfix/smtp[1191]: 4jc6Cz550fzCT36: to=<fine@out.example>, relay=172.18.0.1[192.0.2.7]:36999, delay=0.12, delays=0.02/0.08/0.02/0.01, dsn=2.0.0, status=sent (250 2.0.0 OK queued as ABC123?[31m)
2026-11-28T10:37:03.829752+00:00 mail postfix/qmgr[1185]: 4jc6Cz550fzCT36: removed
--- home dovecot
2026-11-28 10:37:03 lmtp(bob@example.test)<67><qIprL8+uCmtDAAAAUi6ngw>: Info: sieve: msgid=<out-ok@client.example>: stored mail into mailbox 'INBOX'
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
<out-ok@client.example>
  from alice@example.test, 565 bytes
  2026-11-28 10:37:03.716  home  4jc6Cz550fzCT36         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:37:03      home  qIprL8+uCmtDAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:37:03.815  home  4jc6Cz550fzCT36         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.11 s: 250 2.0.0 <bob@example.test> qIprL8+uCmtDAAAAUi6ngw Saved
  2026-11-28 10:37:03.828  home  4jc6Cz550fzCT36         sent      fine@out.example by 172.18.0.1[192.0.2.7]:36999 after 0.12 s: 250 2.0.0 OK queued as ABC123?[31m
  = bob@example.test: stored in INBOX
  = fine@out.example: sent to 172.18.0.1[192.0.2.7]:36999
