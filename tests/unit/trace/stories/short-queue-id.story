says: a short queue id
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: 574451D8004
--- home dovecot
2026-11-28 10:55:56 lmtp(alice@example.test)<92><YBseIDyzCmtcAAAAUi6ngw>: Info: sieve: msgid=<short-id@stranger.example>: stored mail into mailbox 'INBOX'
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
2026-11-28T10:55:55.159416+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33102
2026-11-28T10:55:55.164433+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:55.235807+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:55.400786+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33112
2026-11-28T10:55:55.450004+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:55.490238+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:56.236475+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33118
2026-11-28T10:55:56.245811+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:56.303604+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:55:56.357585+00:00 mx postfix/smtpd[843]: 574451D8004: client=unknown[192.0.2.7]
2026-11-28T10:55:56.400862+00:00 mx postfix/cleanup[851]: 574451D8004: message-id=<short-id@stranger.example>
2026-11-28T10:55:56.416959+00:00 mx postfix/qmgr[829]: 574451D8004: from=<x@stranger.example>, size=578, nrcpt=1 (queue active)
2026-11-28T10:55:56.553270+00:00 mx postfix/lmtp[852]: 574451D8004: to=<alice@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.24, delays=0.1/0.09/0.03/0.01, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> YBseIDyzCmtcAAAAUi6ngw Saved)
2026-11-28T10:55:56.553847+00:00 mx postfix/qmgr[829]: 574451D8004: removed
2026-11-28T10:55:56.622250+00:00 mx postfix/postscreen[837]: PASS OLD [192.0.2.7]:33120
2026-11-28T10:55:56.651860+00:00 mx postfix/smtpd[843]: connect from unknown[192.0.2.7]
2026-11-28T10:55:56.756006+00:00 mx postfix/smtpd[843]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
===
<short-id@stranger.example>
  from x@stranger.example, 578 bytes
  2026-11-28 10:55:56.357  mx    574451D8004             accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:55:56      home  YBseIDyzCmtcAAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:55:56.553  mx    574451D8004             sent      alice@example.test by 100.64.0.2[100.64.0.2]:2525 after 0.24 s, handed over to home: 250 2.0.0 <alice@example.test> YBseIDyzCmtcAAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
