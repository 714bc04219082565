says: a +extension ends in the mailbox without it
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: bob+lists@example.test
--- home postfix
2026-11-28T10:32:44.342816+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:44.356528+00:00 mail postfix/submission/smtpd[250]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:46.629021+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.780356+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.934055+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.094433+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.226036+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.394145+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.652045+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.659840+00:00 mail postfix/submission/smtpd[250]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:11.706554+00:00 mail postfix/submission/smtpd[250]: 4jc67W51FkzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:33:11.707892+00:00 mail postfix/cleanup[261]: 4jc67W51FkzCSpS: message-id=<tagged@client.example>
2026-11-28T10:33:11.708710+00:00 mail postfix/qmgr[227]: 4jc67W51FkzCSpS: from=<alice@example.test>, size=582, nrcpt=1 (queue active)
2026-11-28T10:33:11.715840+00:00 mail postfix/lmtp[263]: 4jc67W51FkzCSpS: to=<bob+lists@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob+lists@example.test> +ItWKuetCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.716831+00:00 mail postfix/qmgr[227]: 4jc67W51FkzCSpS: removed
2026-11-28T10:33:11.811796+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.824543+00:00 mail postfix/submission/smtpd[250]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.247132+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.254214+00:00 mail postfix/submission/smtpd[250]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.384279+00:00 mail postfix/submission/smtpd[250]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.390779+00:00 mail postfix/submission/smtpd[250]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
--- home dovecot
2026-11-28 10:33:11 lmtp(bob@example.test)<78><+ItWKuetCmtOAAAAUi6ngw>: Info: sieve: msgid=<tagged@client.example>: stored mail into mailbox 'INBOX'
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
<tagged@client.example>
  from alice@example.test, 582 bytes
  2026-11-28 10:33:11.706  home  4jc67W51FkzCSpS         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:33:11      home  +ItWKuetCmtOAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:11.715  home  4jc67W51FkzCSpS         sent      bob+lists@example.test by mail.example.test[private/dovecot-lmtp] after 0.02 s: 250 2.0.0 <bob+lists@example.test> +ItWKuetCmtOAAAAUi6ngw Saved
  = bob+lists@example.test: stored in INBOX
