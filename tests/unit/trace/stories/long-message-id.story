says: Dovecot cuts a long message id off
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@evil.example>
--- home postfix
2026-11-28T10:32:44.847754+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.857255+00:00 mail postfix/smtpd[268]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:44.957774+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.993521+00:00 mail postfix/smtpd[268]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.190502+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.331458+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.497958+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.646688+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.791473+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.936884+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.088447+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.219277+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.356117+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.518512+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.678080+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.837198+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.000280+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.159208+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.292158+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.889714+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.924002+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.980709+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.987296+00:00 mail postfix/smtpd[268]: 4jc67W70zzzCT7S: client=unknown[192.0.2.7]
2026-11-28T10:33:11.989255+00:00 mail postfix/cleanup[261]: 4jc67W70zzzCT7S: message-id=<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@evil.example>
2026-11-28T10:33:11.990767+00:00 mail postfix/qmgr[227]: 4jc67W70zzzCT7S: from=<x@stranger.example>, size=1280, nrcpt=1 (queue active)
2026-11-28T10:33:12.001533+00:00 mail postfix/lmtp[264]: 4jc67W70zzzCT7S: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> yOQhO+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:12.003370+00:00 mail postfix/qmgr[227]: 4jc67W70zzzCT7S: removed
2026-11-28T10:33:12.033777+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
--- home dovecot
2026-11-28 10:33:11 lmtp(bob@example.test)<78><yOQhO+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: stored mail into mailbox 'INBOX'
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
<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@evil.example>
  from x@stranger.example, 1280 bytes
  2026-11-28 10:33:11.987  home  4jc67W70zzzCT7S         accepted  by port 25 from unknown[192.0.2.7], no TLS
  2026-11-28 10:33:11      home  yOQhO+etCmtOAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:12.001  home  4jc67W70zzzCT7S         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.02 s: 250 2.0.0 <bob@example.test> yOQhO+etCmtOAAAAUi6ngw Saved
  = bob@example.test: stored in INBOX
