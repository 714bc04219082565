says: the gateway takes it and hands it over to home
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <over-two-hosts@stranger.example>
--- home dovecot
2026-11-28 10:54:49 lmtp(alice@example.test)<4305><Z6jHLvmyCmvREAAAUi6ngw>: Info: sieve: msgid=<over-two-hosts@stranger.example>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.596167+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.644958+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.705203+00:00 mx postfix/smtpd[543]: 4jc6cT50hzzGYH7: client=unknown[192.0.2.7]
2026-11-28T10:54:49.709313+00:00 mx postfix/cleanup[547]: 4jc6cT50hzzGYH7: message-id=<over-two-hosts@stranger.example>
2026-11-28T10:54:49.712277+00:00 mx postfix/qmgr[526]: 4jc6cT50hzzGYH7: from=<x@stranger.example>, size=594, nrcpt=1 (queue active)
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.724076+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.813063+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.843950+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.858335+00:00 mx postfix/lmtp[548]: 4jc6cT50hzzGYH7: to=<alice@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.16, delays=0.02/0.01/0.06/0.07, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> Z6jHLvmyCmvREAAAUi6ngw Saved)
2026-11-28T10:54:49.858508+00:00 mx postfix/qmgr[526]: 4jc6cT50hzzGYH7: removed
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
<over-two-hosts@stranger.example>
  from x@stranger.example, 594 bytes
  2026-11-28 10:54:49.705  mx    4jc6cT50hzzGYH7         accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS NEW
  2026-11-28 10:54:49      home  Z6jHLvmyCmvREAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:54:49.858  mx    4jc6cT50hzzGYH7         sent      alice@example.test by 100.64.0.2[100.64.0.2]:2525 after 0.16 s, handed over to home: 250 2.0.0 <alice@example.test> Z6jHLvmyCmvREAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
