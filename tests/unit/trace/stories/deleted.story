says: an operator deletes it
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <held@stranger.example>
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:37.870882+00:00 mx postfix/smtpd[705]: connect from unknown[192.0.2.7]
2026-11-28T10:55:38.298592+00:00 mx postfix/smtpd[705]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:38.708842+00:00 mx postfix/smtpd[705]: 4jc6dQ524LzGYKk: client=unknown[192.0.2.7]
2026-11-28T10:55:38.727946+00:00 mx postfix/cleanup[709]: 4jc6dQ524LzGYKk: message-id=<held@stranger.example>
2026-11-28T10:55:38.737611+00:00 mx postfix/qmgr[692]: 4jc6dQ524LzGYKk: from=<x@stranger.example>, size=574, nrcpt=1 (queue active)
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:38.786031+00:00 mx postfix/smtpd[705]: connect from unknown[192.0.2.7]
2026-11-28T10:55:38.798692+00:00 mx postfix/lmtp[710]: 4jc6dQ524LzGYKk: to=<alice@example.test>, relay=none, delay=0.44, delays=0.39/0.05/0/0, dsn=4.4.1, status=deferred (connect to 127.0.0.1[127.0.0.1]:9: Connection refused)
2026-11-28T10:55:38.866707+00:00 mx postfix/smtpd[705]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:43.131538+00:00 mx postfix/postsuper[741]: 4jc6dQ524LzGYKk: removed
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
===
<held@stranger.example>
  from x@stranger.example, 574 bytes
  2026-11-28 10:55:38.708  mx  4jc6dQ524LzGYKk  accepted         by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:55:38.798  mx  4jc6dQ524LzGYKk  deferred         alice@example.test after 0.44 s: connect to 127.0.0.1[127.0.0.1]:9: Connection refused
  2026-11-28 10:55:43.131  mx  4jc6dQ524LzGYKk  deleted by hand  
  = alice@example.test: deleted by hand: connect to 127.0.0.1[127.0.0.1]:9: Connection refused
