says: a message by submission to a mailbox of our own
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <plain@client.example>
--- home postfix
2026-11-28T10:32:44.428035+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.434317+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:44.601236+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.830926+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.027005+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.044847+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.2 with cipher ECDHE-ECDSA-AES128-GCM-SHA256 (128/128 bits)
2026-11-28T10:32:45.045295+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.055879+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.056754+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.065493+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.114522+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.127985+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.226505+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.323360+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.432211+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.531523+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.631060+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.723044+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.819303+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.927981+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.018603+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.114659+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.206510+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.298425+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.390481+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.499565+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.670740+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.830908+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.977852+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.146157+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.280501+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.533298+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.540044+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:11.580535+00:00 mail postfix/submission/smtpd[258]: 4jc67W46bwzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:33:11.582678+00:00 mail postfix/cleanup[261]: 4jc67W46bwzCSpS: message-id=<plain@client.example>
2026-11-28T10:33:11.584254+00:00 mail postfix/qmgr[227]: 4jc67W46bwzCSpS: from=<alice@example.test>, size=568, nrcpt=1 (queue active)
2026-11-28T10:33:11.608578+00:00 mail postfix/lmtp[264]: 4jc67W46bwzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0.01/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> iEg0I+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.612819+00:00 mail postfix/qmgr[227]: 4jc67W46bwzCSpS: removed
2026-11-28T10:33:11.713667+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.719265+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.201986+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.207492+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.338902+00:00 mail postfix/submission/smtpd[258]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.344723+00:00 mail postfix/submission/smtpd[258]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
--- home dovecot
2026-11-28 10:33:11 lmtp(bob@example.test)<78><iEg0I+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<plain@client.example>: stored mail into mailbox 'INBOX'
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
<plain@client.example>
  from alice@example.test, 568 bytes
  2026-11-28 10:33:11.580  home  4jc67W46bwzCSpS         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:33:11      home  iEg0I+etCmtOAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:11.608  home  4jc67W46bwzCSpS         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.03 s: 250 2.0.0 <bob@example.test> iEg0I+etCmtOAAAAUi6ngw Saved
  = bob@example.test: stored in INBOX
