says: from nobody, as a notice is
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <null-sender@stranger.example>
--- home postfix
2026-11-28T10:32:45.238424+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.378462+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.552304+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.692685+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.843416+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.991913+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.130632+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.261909+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.402297+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.576051+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.733406+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.895872+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.056988+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.198867+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.360669+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.912080+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.936327+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.993060+00:00 mail postfix/smtpd[269]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.007772+00:00 mail postfix/smtpd[269]: 4jc67X02q2zCT7X: client=unknown[192.0.2.7]
2026-11-28T10:33:12.008991+00:00 mail postfix/cleanup[261]: 4jc67X02q2zCT7X: message-id=<null-sender@stranger.example>
2026-11-28T10:33:12.010077+00:00 mail postfix/qmgr[227]: 4jc67X02q2zCT7X: from=<>, size=258, nrcpt=1 (queue active)
2026-11-28T10:33:12.027971+00:00 mail postfix/lmtp[264]: 4jc67X02q2zCT7X: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw Saved)
2026-11-28T10:33:12.028757+00:00 mail postfix/qmgr[227]: 4jc67X02q2zCT7X: removed
--- home dovecot
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw>: Info: sieve: msgid=<null-sender@stranger.example>: stored mail into mailbox 'INBOX'
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
<null-sender@stranger.example>
  from <> (a notice), 258 bytes
  2026-11-28 10:33:12.007  home  4jc67X02q2zCT7X         accepted  by port 25 from unknown[192.0.2.7], no TLS
  2026-11-28 10:33:12      home  YEvWAOitCmt8AQAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:12.027  home  4jc67X02q2zCT7X         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.03 s: 250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw Saved
  = bob@example.test: stored in INBOX
