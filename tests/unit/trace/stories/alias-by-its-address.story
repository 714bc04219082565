says: what was sent to an alias is found by the alias
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: team@example.test
--- home postfix
2026-11-28T10:32:45.074473+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.082244+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:32:45.182670+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.273935+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.364206+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.487373+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.581441+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.675929+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.772511+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.870844+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:45.971489+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.070975+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.159038+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.252656+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.348004+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.436276+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.558580+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.727628+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:46.886836+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.038147+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.182498+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:32:47.344099+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.588222+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.596000+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:11.646129+00:00 mail postfix/submission/smtpd[272]: 4jc67W4ZvWzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:33:11.647790+00:00 mail postfix/cleanup[261]: 4jc67W4ZvWzCSpS: message-id=<to-team@client.example>
2026-11-28T10:33:11.649435+00:00 mail postfix/qmgr[227]: 4jc67W4ZvWzCSpS: from=<alice@example.test>, size=574, nrcpt=2 (queue active)
2026-11-28T10:33:11.667816+00:00 mail postfix/lmtp[263]: 4jc67W4ZvWzCSpS: to=<alice@example.test>, orig_to=<team@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.02/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> KETMJuetCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.701430+00:00 mail postfix/lmtp[264]: 4jc67W4ZvWzCSpS: to=<bob@example.test>, orig_to=<team@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.07, delays=0.02/0/0.02/0.03, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> wGveJ+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.702099+00:00 mail postfix/qmgr[227]: 4jc67W4ZvWzCSpS: removed
2026-11-28T10:33:11.755879+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:11.766540+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.154063+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.162045+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.290537+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.302679+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:33:12.428484+00:00 mail postfix/submission/smtpd[272]: connect from unknown[192.0.2.7]
2026-11-28T10:33:12.434498+00:00 mail postfix/submission/smtpd[272]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
--- home dovecot
2026-11-28 10:33:11 lmtp(alice@example.test)<78><KETMJuetCmtOAAAAUi6ngw>: Info: sieve: msgid=<to-team@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><wGveJ+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<to-team@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:54:50 lmtp(bob@example.test)<4305><oGZXOPmyCmvREAAAUi6ngw>: Info: sieve: msgid=<two-hosts-team@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:54:50 lmtp(alice@example.test)<4306><UxoLOfmyCmvSEAAAUi6ngw>: Info: sieve: msgid=<two-hosts-team@stranger.example>: stored mail into mailbox 'INBOX'
--- mx postfix
2026-11-28T10:54:49.502887+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:54:49.596167+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.644958+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.719508+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33244
2026-11-28T10:54:49.724076+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.810024+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33246
2026-11-28T10:54:49.813063+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.843950+00:00 mx postfix/smtpd[543]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:54:49.884143+00:00 mx postfix/smtpd[543]: 4jc6cT6Gw7zGYH7: client=unknown[192.0.2.7]
2026-11-28T10:54:49.905342+00:00 mx postfix/cleanup[547]: 4jc6cT6Gw7zGYH7: message-id=<two-hosts-team@stranger.example>
2026-11-28T10:54:49.912496+00:00 mx postfix/qmgr[526]: 4jc6cT6Gw7zGYH7: from=<x@stranger.example>, size=592, nrcpt=2 (queue active)
2026-11-28T10:54:49.941935+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:54:49.946647+00:00 mx postfix/smtpd[543]: connect from unknown[192.0.2.7]
2026-11-28T10:54:49.969654+00:00 mx postfix/lmtp[549]: 4jc6cT6Gw7zGYH7: to=<bob@example.test>, orig_to=<team@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.12, delays=0.06/0.03/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> oGZXOPmyCmvREAAAUi6ngw Saved)
2026-11-28T10:54:50.017668+00:00 mx postfix/lmtp[548]: 4jc6cT6Gw7zGYH7: to=<alice@example.test>, orig_to=<team@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.17, delays=0.06/0.03/0.02/0.06, dsn=2.0.0, status=sent (250 2.0.0 <alice@example.test> UxoLOfmyCmvSEAAAUi6ngw Saved)
2026-11-28T10:54:50.017964+00:00 mx postfix/qmgr[526]: 4jc6cT6Gw7zGYH7: removed
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
<to-team@client.example>
  from alice@example.test, 574 bytes
  2026-11-28 10:33:11.646  home  4jc67W4ZvWzCSpS         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:33:11      home  KETMJuetCmtOAAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:33:11.667  home  4jc67W4ZvWzCSpS         sent      alice@example.test (for team@example.test) by mail.example.test[private/dovecot-lmtp] after 0.03 s: 250 2.0.0 <alice@example.test> KETMJuetCmtOAAAAUi6ngw Saved
  2026-11-28 10:33:11      home  wGveJ+etCmtOAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:33:11.701  home  4jc67W4ZvWzCSpS         sent      bob@example.test (for team@example.test) by mail.example.test[private/dovecot-lmtp] after 0.07 s: 250 2.0.0 <bob@example.test> wGveJ+etCmtOAAAAUi6ngw Saved
  = alice@example.test: stored in INBOX
  = bob@example.test: stored in INBOX

<two-hosts-team@stranger.example>
  from x@stranger.example, 592 bytes
  2026-11-28 10:54:49.884  mx    4jc6cT6Gw7zGYH7         accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:54:50      home  oGZXOPmyCmvREAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:54:49.969  mx    4jc6cT6Gw7zGYH7         sent      bob@example.test (for team@example.test) by 100.64.0.2[100.64.0.2]:2525 after 0.12 s, handed over to home: 250 2.0.0 <bob@example.test> oGZXOPmyCmvREAAAUi6ngw Saved
  2026-11-28 10:54:50      home  UxoLOfmyCmvSEAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:54:50.017  mx    4jc6cT6Gw7zGYH7         sent      alice@example.test (for team@example.test) by 100.64.0.2[100.64.0.2]:2525 after 0.17 s, handed over to home: 250 2.0.0 <alice@example.test> UxoLOfmyCmvSEAAAUi6ngw Saved
  = bob@example.test: stored in INBOX
  = alice@example.test: stored in INBOX
