says: the gateway waits for home, and delivers then
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <home-is-down@stranger.example>
--- home dovecot
2026-11-28 10:55:31 lmtp(alice@example.test)<92><VGA0NCKzCmtcAAAAUi6ngw>: Info: program exec:/usr/local/lib/mailrig/sieve/programs/mailrig-delivered (93): Terminated with non-zero exit code 1
2026-11-28 10:55:31 lmtp(alice@example.test)<92><VGA0NCKzCmtcAAAAUi6ngw>: Info: sieve: msgid=<home-is-down@stranger.example>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.596167+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.644958+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.724076+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.813063+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.843950+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:49.946647+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:56.674506+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:45988
2026-11-28T10:54:56.690383+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:56.752806+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:56.890694+00:00 mx postfix/smtpd[543]: 4jc6cc6KLlzGYKc: client=unknown[192.0.2.7]
2026-11-28T10:54:56.892619+00:00 mx postfix/cleanup[547]: 4jc6cc6KLlzGYKc: message-id=<home-is-down@stranger.example>
2026-11-28T10:54:56.895430+00:00 mx postfix/qmgr[526]: 4jc6cc6KLlzGYKc: from=<x@stranger.example>, size=590, nrcpt=1 (queue active)
2026-11-28T10:55:09.464791+00:00 mx postfix/lmtp[550]: 4jc6cc6KLlzGYKc: to=<alice@example.test>, relay=none, delay=11, delays=0.1/0.01/11/0, dsn=4.4.1, status=deferred (connect to 100.64.0.2[100.64.0.2]:2525: Connection refused)
2026-11-28T10:55:29.560752+00:00 mx postfix/qmgr[526]: 4jc6cc6KLlzGYKc: from=<x@stranger.example>, size=590, nrcpt=1 (queue active)
2026-11-28T10:55:31.818077+00:00 mx postfix/lmtp[549]: 4jc6cc6KLlzGYKc: to=<alice@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=35, delays=33/0.52/0.87/0.87, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> VGA0NCKzCmtcAAAAUi6ngw Saved)
2026-11-28T10:55:31.855790+00:00 mx postfix/qmgr[526]: 4jc6cc6KLlzGYKc: removed
2026-11-28T10:55:37.364873+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39562
2026-11-28T10:55:38.761768+00:00 mx postfix/postscreen[704]: PASS OLD [192.0.2.7]:39574
2026-11-28T10:55:54.404796+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33088
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
===
<home-is-down@stranger.example>
  from x@stranger.example, 590 bytes
  2026-11-28 10:54:56.890  mx    4jc6cc6KLlzGYKc         accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:55:09.464  mx    4jc6cc6KLlzGYKc         deferred  alice@example.test after 11 s: connect to 100.64.0.2[100.64.0.2]:2525: Connection refused
  2026-11-28 10:55:31      home  VGA0NCKzCmtcAAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:55:31.818  mx    4jc6cc6KLlzGYKc         sent      alice@example.test by 100.64.0.2[100.64.0.2]:2525 after 35 s, handed over to home: 250 2.0.0 <alice@example.test> VGA0NCKzCmtcAAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
