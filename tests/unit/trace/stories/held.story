says: an operator stops it and lets it go
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <deleted@stranger.example>
--- home dovecot
2026-11-28 10:55:50 lmtp(alice@example.test)<92><UIX2MzWzCmtcAAAAUi6ngw>: Info: program exec:/usr/local/lib/mailrig/sieve/programs/mailrig-delivered (144): Terminated with non-zero exit code 1
2026-11-28 10:55:50 lmtp(alice@example.test)<92><UIX2MzWzCmtcAAAAUi6ngw>: Info: sieve: msgid=<deleted@stranger.example>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:37.870882+00:00 mx postfix/smtpd[705]: connect from unknown[192.0.2.7]
2026-11-28T10:55:38.298592+00:00 mx postfix/smtpd[705]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:38.786031+00:00 mx postfix/smtpd[705]: connect from unknown[192.0.2.7]
2026-11-28T10:55:38.866707+00:00 mx postfix/smtpd[705]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:38.981369+00:00 mx postfix/smtpd[705]: 4jc6dQ6ysnzGYKp: client=unknown[192.0.2.7]
2026-11-28T10:55:39.080204+00:00 mx postfix/cleanup[709]: 4jc6dQ6ysnzGYKp: message-id=<deleted@stranger.example>
2026-11-28T10:55:39.083258+00:00 mx postfix/qmgr[692]: 4jc6dQ6ysnzGYKp: from=<x@stranger.example>, size=580, nrcpt=1 (queue active)
2026-11-28T10:55:39.091561+00:00 mx postfix/lmtp[710]: 4jc6dQ6ysnzGYKp: to=<alice@example.test>, relay=none, delay=0.14, delays=0.14/0/0/0, dsn=4.4.1, status=deferred (connect to 127.0.0.1[127.0.0.1]:9: Connection refused)
2026-11-28T10:55:42.226674+00:00 mx postfix/postsuper[733]: 4jc6dQ6ysnzGYKp: placed on hold
2026-11-28T10:55:43.675936+00:00 mx postfix/postsuper[747]: 4jc6dQ6ysnzGYKp: released from hold
2026-11-28T10:55:49.323979+00:00 mx postfix/qmgr[785]: 4jc6dQ6ysnzGYKp: from=<x@stranger.example>, size=580, nrcpt=1 (queue active)
2026-11-28T10:55:50.473363+00:00 mx postfix/lmtp[799]: 4jc6dQ6ysnzGYKp: to=<alice@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=12, delays=10/0.53/0.03/0.59, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> UIX2MzWzCmtcAAAAUi6ngw Saved)
2026-11-28T10:55:50.473890+00:00 mx postfix/qmgr[785]: 4jc6dQ6ysnzGYKp: removed
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
===
<deleted@stranger.example>
  from x@stranger.example, 580 bytes
  2026-11-28 10:55:38.981  mx    4jc6dQ6ysnzGYKp         accepted            by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:55:39.091  mx    4jc6dQ6ysnzGYKp         deferred            alice@example.test after 0.14 s: connect to 127.0.0.1[127.0.0.1]:9: Connection refused
  2026-11-28 10:55:42.226  mx    4jc6dQ6ysnzGYKp         placed on hold      by hand
  2026-11-28 10:55:43.675  mx    4jc6dQ6ysnzGYKp         released from hold  by hand
  2026-11-28 10:55:50      home  UIX2MzWzCmtcAAAAUi6ngw  stored              alice@example.test: INBOX
  2026-11-28 10:55:50.473  mx    4jc6dQ6ysnzGYKp         sent                alice@example.test by 100.64.0.2[100.64.0.2]:2525 after 12 s, handed over to home: 250 2.0.0 <alice@example.test> UIX2MzWzCmtcAAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
