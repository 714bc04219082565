says: a message without a message id is found by its queue id
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: 4jc67W75NDzCT7W
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
2026-11-28T10:33:11.998970+00:00 mail postfix/smtpd[269]: 4jc67W75NDzCT7W: client=unknown[192.0.2.7]
2026-11-28T10:33:12.000710+00:00 mail postfix/cleanup[261]: 4jc67W75NDzCT7W: message-id=<>
2026-11-28T10:33:12.001768+00:00 mail postfix/qmgr[227]: 4jc67W75NDzCT7W: from=<x@stranger.example>, size=215, nrcpt=1 (queue active)
2026-11-28T10:33:12.062370+00:00 mail postfix/lmtp[263]: 4jc67W75NDzCT7W: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.07, delays=0.01/0/0/0.06, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> gNY6AOitCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:12.062963+00:00 mail postfix/qmgr[227]: 4jc67W75NDzCT7W: removed
--- home dovecot
2026-11-28 10:33:12 lmtp(bob@example.test)<78><gNY6AOitCmtOAAAAUi6ngw>: Info: program exec:/usr/local/lib/mailrig/sieve/programs/mailrig-delivered (385): Terminated with non-zero exit code 1
2026-11-28 10:33:12 lmtp(bob@example.test)<78><gNY6AOitCmtOAAAAUi6ngw>: Info: sieve: msgid=unspecified: stored mail into mailbox 'INBOX'
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
a message without a message id
  from x@stranger.example, 215 bytes
  2026-11-28 10:33:11.998  home  4jc67W75NDzCT7W         accepted  by port 25 from unknown[192.0.2.7], no TLS
  2026-11-28 10:33:12      home  gNY6AOitCmtOAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:12.062  home  4jc67W75NDzCT7W         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.07 s: 250 2.0.0 <bob@example.test> gNY6AOitCmtOAAAAUi6ngw Saved
  = bob@example.test: stored in INBOX
