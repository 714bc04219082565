says: a message id is looked for as far back as its message may have waited
query: 4jc6cc6KLlzGYKc
--- home postfix 2026-11-24T10:00:05+00:00
2026-11-24T10:00:00.646129+00:00 mail postfix/submission/smtpd[272]: 4jc67W4ZvWzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-24T10:00:00.647790+00:00 mail postfix/cleanup[261]: 4jc67W4ZvWzCSpS: message-id=<slow-list@client.example>
2026-11-24T10:00:00.649435+00:00 mail postfix/qmgr[227]: 4jc67W4ZvWzCSpS: from=<alice@example.test>, size=574, nrcpt=1 (queue active)
2026-11-24T10:00:01.667816+00:00 mail postfix/smtp[263]: 4jc67W4ZvWzCSpS: to=<list@lists.example>, relay=mx.lists.example[198.51.100.9]:25, delay=1, delays=0.02/0/0.5/0.48, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4jc67X2Zj5zKm)
2026-11-24T10:00:01.702099+00:00 mail postfix/qmgr[227]: 4jc67W4ZvWzCSpS: removed
--- mx postfix
2026-11-28T10:54:56.890694+00:00 mx postfix/smtpd[543]: 4jc6cc6KLlzGYKc: client=mx.lists.example[198.51.100.9]
2026-11-28T10:54:56.892619+00:00 mx postfix/cleanup[547]: 4jc6cc6KLlzGYKc: message-id=<slow-list@client.example>
2026-11-28T10:54:56.895430+00:00 mx postfix/qmgr[526]: 4jc6cc6KLlzGYKc: from=<list-bounces@lists.example>, size=1590, nrcpt=1 (queue active)
2026-11-28T10:54:57.464791+00:00 mx postfix/lmtp[550]: 4jc6cc6KLlzGYKc: to=<bob@example.test>, relay=100.64.0.2[100.64.0.2]:2525, delay=0.5, delays=0.1/0/0.1/0.3, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> VGA0NCKzCmtcAAAAUi6ngw Saved)
2026-11-28T10:54:57.855790+00:00 mx postfix/qmgr[526]: 4jc6cc6KLlzGYKc: removed
--- home dovecot
2026-11-28 10:54:57 lmtp(bob@example.test)<92><VGA0NCKzCmtcAAAAUi6ngw>: Info: sieve: msgid=<slow-list@client.example>: stored mail into mailbox 'INBOX'
===
<slow-list@client.example>
  from alice@example.test, 574 bytes
  2026-11-24 10:00:00.646  home  4jc67W4ZvWzCSpS         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), no TLS
  2026-11-24 10:00:01.667  home  4jc67W4ZvWzCSpS         sent      list@lists.example by mx.lists.example[198.51.100.9]:25 after 1 s: 250 2.0.0 Ok: queued as 4jc67X2Zj5zKm
  2026-11-28 10:54:56.890  mx    4jc6cc6KLlzGYKc         accepted  by port 25 from mx.lists.example[198.51.100.9], no TLS
  2026-11-28 10:54:57      home  VGA0NCKzCmtcAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:54:57.464  mx    4jc6cc6KLlzGYKc         sent      bob@example.test by 100.64.0.2[100.64.0.2]:2525 after 0.5 s, handed over to home: 250 2.0.0 <bob@example.test> VGA0NCKzCmtcAAAAUi6ngw Saved
  = list@lists.example: sent to mx.lists.example[198.51.100.9]:25
  = bob@example.test: stored in INBOX
