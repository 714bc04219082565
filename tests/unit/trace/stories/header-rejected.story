says: a header check refuses it
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: 0B7651D8011
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:54.635578+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:54.770425+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:55.048458+00:00 mx postfix/smtpd[843]: 0B7651D8011: client=unknown[192.0.2.7]
2026-11-28T10:55:55.068731+00:00 mx postfix/cleanup[851]: 0B7651D8011: reject: header Subject: bad subject from unknown[192.0.2.7]; from=<x@stranger.example> to=<alice@example.test> proto=ESMTP helo=<stranger.example>: 5.7.1 no such subjects
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.164433+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:55.235807+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:55.450004+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:55.490238+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.245811+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:56.303604+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
2026-11-28T10:55:56.651860+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:56.756006+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
===
a message without a message id
  2026-11-28 10:55:55.048  mx  0B7651D8011  accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:55:55.068  mx  0B7651D8011  reject    alice@example.test: 5.7.1 no such subjects
  = alice@example.test: reject: 5.7.1 no such subjects
