says: a script throws it away
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <sieve2-discardme@client.example>
--- home postfix
2026-11-28T10:35:26.088032+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.095886+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.170080+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.178464+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.224109+00:00 mail postfix/submission/smtpd[799]: 4jc6B61Zr5zCT6l: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:35:26.225260+00:00 mail postfix/cleanup[800]: 4jc6B61Zr5zCT6l: message-id=<sieve2-discardme@client.example>
2026-11-28T10:35:26.226201+00:00 mail postfix/qmgr[227]: 4jc6B61Zr5zCT6l: from=<alice@example.test>, size=590, nrcpt=1 (queue active)
2026-11-28T10:35:26.230482+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.234854+00:00 mail postfix/lmtp[801]: 4jc6B61Zr5zCT6l: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> CCbdDW6uCmtBAwAAUi6ngw Saved)
2026-11-28T10:35:26.235415+00:00 mail postfix/qmgr[227]: 4jc6B61Zr5zCT6l: removed
2026-11-28T10:35:26.236715+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.272150+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.277854+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.312346+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.318042+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.365999+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.374240+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.430338+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.438321+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:36:29.970704+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:29.993335+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:36:31.673216+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:31.840578+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.026571+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.185861+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.351178+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.497372+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.686816+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.853262+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.021805+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.179580+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.335145+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.496348+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
--- home dovecot
2026-11-28 10:35:26 lmtp(bob@example.test)<833><CCbdDW6uCmtBAwAAUi6ngw>: Info: sieve: msgid=<sieve2-discardme@client.example>: discard action: Marked message to be discarded if not explicitly delivered (discard action)
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
<sieve2-discardme@client.example>
  from alice@example.test, 590 bytes
  2026-11-28 10:35:26.224  home  4jc6B61Zr5zCT6l         accepted   by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:35:26      home  CCbdDW6uCmtBAwAAUi6ngw  discarded  bob@example.test
  2026-11-28 10:35:26.234  home  4jc6B61Zr5zCT6l         sent       bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.01 s: 250 2.0.0 <bob@example.test> CCbdDW6uCmtBAwAAUi6ngw Saved
  = bob@example.test: discarded
