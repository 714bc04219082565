says: a sender sends the same message twice
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <dup@stranger.example>
--- home postfix
2026-11-28T10:32:44.781182+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.838602+00:00 mail postfix/smtpd[246]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.2 with cipher ECDHE-ECDSA-AES128-GCM-SHA256 (128/128 bits)
2026-11-28T10:32:44.841526+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.846263+00:00 mail postfix/smtpd[246]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:44.847754+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.857255+00:00 mail postfix/smtpd[268]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:44.951306+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.956855+00:00 mail postfix/smtpd[246]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:44.957774+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.993521+00:00 mail postfix/smtpd[268]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.112677+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.190502+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.284515+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.331458+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.436607+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.497958+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.594006+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.646688+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.741649+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.791473+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.889366+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.936884+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.038535+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.088447+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.179951+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.219277+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.315622+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.356117+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.441627+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.518512+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.633291+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.678080+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.787744+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.837198+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.945695+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.000280+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.106838+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.159208+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.232857+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.292158+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.406475+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.889714+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.917934+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.924002+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.957379+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.980709+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.018110+00:00 mail postfix/smtpd[246]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.025143+00:00 mail postfix/smtpd[246]: 4jc67X09FHzCT7b: client=unknown[192.0.2.7]
2026-11-28T10:33:12.026306+00:00 mail postfix/cleanup[261]: 4jc67X09FHzCT7b: message-id=<dup@stranger.example>
2026-11-28T10:33:12.027809+00:00 mail postfix/qmgr[227]: 4jc67X09FHzCT7b: from=<x@stranger.example>, size=385, nrcpt=1 (queue active)
2026-11-28T10:33:12.033777+00:00 mail postfix/smtpd[268]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.041751+00:00 mail postfix/smtpd[268]: 4jc67X0HNrzCT7X: client=unknown[192.0.2.7]
2026-11-28T10:33:12.043986+00:00 mail postfix/cleanup[261]: 4jc67X0HNrzCT7X: message-id=<dup@stranger.example>
2026-11-28T10:33:12.045627+00:00 mail postfix/qmgr[227]: 4jc67X0HNrzCT7X: from=<x@stranger.example>, size=385, nrcpt=1 (queue active)
2026-11-28T10:33:12.047090+00:00 mail postfix/lmtp[264]: 4jc67X09FHzCT7b: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], conn_use=2, delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T2 Saved)
2026-11-28T10:33:12.049227+00:00 mail postfix/qmgr[227]: 4jc67X09FHzCT7b: removed
2026-11-28T10:33:12.061368+00:00 mail postfix/lmtp[264]: 4jc67X0HNrzCT7X: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], conn_use=3, delay=0.03, delays=0.01/0.01/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T3 Saved)
2026-11-28T10:33:12.062053+00:00 mail postfix/qmgr[227]: 4jc67X0HNrzCT7X: removed
--- home dovecot
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw:T2>: Info: sieve: msgid=<dup@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw:T3>: Info: sieve: msgid=<dup@stranger.example>: stored mail into mailbox 'INBOX'
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
<dup@stranger.example>
  from x@stranger.example, 385 bytes
  2026-11-28 10:33:12.025  home  4jc67X09FHzCT7b            accepted  by port 25 from unknown[192.0.2.7], no TLS
  2026-11-28 10:33:12.041  home  4jc67X0HNrzCT7X            accepted  by port 25 from unknown[192.0.2.7], no TLS
  2026-11-28 10:33:12      home  YEvWAOitCmt8AQAAUi6ngw:T2  stored    bob@example.test: INBOX
  2026-11-28 10:33:12.047  home  4jc67X09FHzCT7b            sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.03 s: 250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T2 Saved
  2026-11-28 10:33:12      home  YEvWAOitCmt8AQAAUi6ngw:T3  stored    bob@example.test: INBOX
  2026-11-28 10:33:12.061  home  4jc67X0HNrzCT7X            sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.03 s: 250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T3 Saved
  = bob@example.test: stored in INBOX
  = bob@example.test: stored in INBOX
  ! delivered twice to bob@example.test: it was accepted 2 times, as 4jc67X09FHzCT7b, 4jc67X0HNrzCT7X
