says: the next from the same client has no TLS, and postscreen knows it
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <over-two-hosts-again@stranger.example>
--- home dovecot
2026-11-28 10:54:49 lmtp(alice@example.test)<4305><kIFwMvmyCmvREAAAUi6ngw>: Info: sieve: msgid=<over-two-hosts-again@stranger.example>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.596167+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.644958+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.724076+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.728945+00:00 mx postfix/smtpd[543]: 4jc6cT59XSzGYH8: client=unknown[192.0.2.7]
2026-11-28T10:54:49.729795+00:00 mx postfix/cleanup[547]: 4jc6cT59XSzGYH8: message-id=<over-two-hosts-again@stranger.example>
2026-11-28T10:54:49.788064+00:00 mx postfix/qmgr[526]: 4jc6cT59XSzGYH8: from=<x@stranger.example>, size=421, nrcpt=1 (queue active)
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.813063+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.843950+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.931707+00:00 mx postfix/lmtp[549]: 4jc6cT59XSzGYH8: to=<alice@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.21, delays=0.06/0.02/0.07/0.05, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> kIFwMvmyCmvREAAAUi6ngw Saved)
2026-11-28T10:54:49.941527+00:00 mx postfix/qmgr[526]: 4jc6cT59XSzGYH8: removed
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:49.946647+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:54:56.690383+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:56.752806+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
===
<over-two-hosts-again@stranger.example>
  from x@stranger.example, 421 bytes
  2026-11-28 10:54:49.728  mx    4jc6cT59XSzGYH8         accepted  by port 25 from unknown[192.0.2.7], no TLS, postscreen: PASS OLD
  2026-11-28 10:54:49      home  kIFwMvmyCmvREAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:54:49.931  mx    4jc6cT59XSzGYH8         sent      alice@example.test by 100.64.0.2[100.64.0.2]:2525 after 0.21 s, handed over to home: 250 2.0.0 <alice@example.test> kIFwMvmyCmvREAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
