says: the newest messages from and to an address
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: bob@example.test
most: 3
--- home postfix
2026-11-28T10:33:11.608578+00:00 mail postfix/lmtp[264]: 4jc67W46bwzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0.01/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> iEg0I+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.701430+00:00 mail postfix/lmtp[264]: 4jc67W4ZvWzCSpS: to=<bob@example.test>, orig_to=<team@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.07, delays=0.02/0/0.02/0.03, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> wGveJ+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.715840+00:00 mail postfix/lmtp[263]: 4jc67W51FkzCSpS: to=<bob+lists@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob+lists@example.test> +ItWKuetCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.898352+00:00 mail postfix/lmtp[264]: 4jc67W6BxxzCT7P: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.04, delays=0.02/0.01/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> CMz7NOetCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.917126+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.02/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> UDlKNuetCmt8AQAAUi6ngw Saved)
2026-11-28T10:33:11.939848+00:00 mail postfix/lmtp[263]: 4jc67W6bPgzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> cOOIN+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:11.964242+00:00 mail postfix/lmtp[264]: 4jc67W6lDCzCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> KLrzOOetCmt8AQAAUi6ngw Saved)
2026-11-28T10:33:11.986803+00:00 mail postfix/lmtp[263]: 4jc67W6vK2zCSpS: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> GNE2OuetCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:12.001533+00:00 mail postfix/lmtp[264]: 4jc67W70zzzCT7S: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> yOQhO+etCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:12.027971+00:00 mail postfix/lmtp[264]: 4jc67X02q2zCT7X: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw Saved)
2026-11-28T10:33:12.047090+00:00 mail postfix/lmtp[264]: 4jc67X09FHzCT7b: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], conn_use=2, delay=0.03, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T2 Saved)
2026-11-28T10:33:12.061368+00:00 mail postfix/lmtp[264]: 4jc67X0HNrzCT7X: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], conn_use=3, delay=0.03, delays=0.01/0.01/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> YEvWAOitCmt8AQAAUi6ngw:T3 Saved)
2026-11-28T10:33:12.062370+00:00 mail postfix/lmtp[263]: 4jc67W75NDzCT7W: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.07, delays=0.01/0/0/0.06, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> gNY6AOitCmtOAAAAUi6ngw Saved)
2026-11-28T10:33:12.240648+00:00 mail postfix/lmtp[370]: 4jc67X1P2GzCT7W: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.05, delays=0.01/0/0.02/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> /Q8XDeitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.266758+00:00 mail postfix/lmtp[264]: 4jc67X1hSgzCT7d: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.03, delays=0.01/0.01/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> UCbVDuitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.298769+00:00 mail postfix/lmtp[263]: 4jc67X21gQzCT7c: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> QGJ0EeitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.345789+00:00 mail postfix/lmtp[370]: 4jc67X2MQMzCT7c: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.02, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> uM8OFOitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.390778+00:00 mail postfix/lmtp[264]: 4jc67X2h8RzCT7c: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> EIb4FuitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.434455+00:00 mail postfix/lmtp[263]: 4jc67X30bQzCT7c: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> oPFoGeitCmuIAQAAUi6ngw Saved)
2026-11-28T10:33:12.481076+00:00 mail postfix/lmtp[370]: 4jc67X3KptzCT7c: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> SGVUHOitCmuIAQAAUi6ngw Saved)
2026-11-28T10:35:26.088032+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.095886+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.170080+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.178464+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.229627+00:00 mail postfix/lmtp[801]: 4jc6B617tTzCT5d: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.08, delays=0.02/0.02/0.03/0.01, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> jnfjDG6uCmtBAwAAUi6ngw Saved)
2026-11-28T10:35:26.230482+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.234854+00:00 mail postfix/lmtp[801]: 4jc6B61Zr5zCT6l: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.01, delays=0.01/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> CCbdDW6uCmtBAwAAUi6ngw Saved)
2026-11-28T10:35:26.236715+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.272150+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.277854+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.312346+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.318042+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.365999+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.368743+00:00 mail postfix/lmtp[801]: 4jc6B61tbWzCT5d: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.1, delays=0.01/0/0.02/0.08, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> v8BqEW6uCmtGAwAAUi6ngw Saved)
2026-11-28T10:35:26.374240+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.428508+00:00 mail postfix/lmtp[802]: 4jc6B629vrzCT6l: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.12, delays=0.01/0/0.03/0.09, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> 7pL4E26uCmtHAwAAUi6ngw Saved)
2026-11-28T10:35:26.430338+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:35:26.438321+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:35:26.483651+00:00 mail postfix/submission/smtpd[799]: 4jc6B63QlLzCT7r: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:35:26.484594+00:00 mail postfix/cleanup[800]: 4jc6B63QlLzCT7r: message-id=<sieve2-both@client.example>
2026-11-28T10:35:26.485677+00:00 mail postfix/qmgr[227]: 4jc6B63QlLzCT7r: from=<alice@example.test>, size=580, nrcpt=1 (queue active)
2026-11-28T10:35:26.489254+00:00 mail postfix/lmtp[801]: 4jc6B62X96zCTYL: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], conn_use=2, delay=0.14, delays=0.01/0.01/0/0.12, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> CCbdDW6uCmtBAwAAUi6ngw:T2 Saved)
2026-11-28T10:35:26.517441+00:00 mail postfix/lmtp[802]: 4jc6B630XlzCTYQ: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.1, delays=0.01/0.01/0/0.08, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> wP7bGW6uCmtHAwAAUi6ngw Saved)
2026-11-28T10:35:26.521515+00:00 mail postfix/lmtp[806]: 4jc6B63QlLzCT7r: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.05, delays=0.01/0/0.02/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> oLUPHm6uCmtMAwAAUi6ngw Saved)
2026-11-28T10:35:26.522348+00:00 mail postfix/qmgr[227]: 4jc6B63QlLzCT7r: removed
2026-11-28T10:36:29.970704+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:29.993335+00:00 mail postfix/submission/smtpd[799]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:36:31.673216+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:31.840578+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.026571+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.185861+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.351178+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.497372+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.686816+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:32.853262+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.021805+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.179580+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.335145+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:36:33.496348+00:00 mail postfix/submission/smtpd[799]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.576835+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.584870+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.661019+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.673247+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.716795+00:00 mail postfix/submission/smtpd[1186]: 4jc6Cz550fzCT36: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T10:37:03.722959+00:00 mail postfix/cleanup[1190]: 4jc6Cz550fzCT36: message-id=<out-ok@client.example>
2026-11-28T10:37:03.728131+00:00 mail postfix/qmgr[1185]: 4jc6Cz550fzCT36: from=<alice@example.test>, size=565, nrcpt=2 (queue active)
2026-11-28T10:37:03.728670+00:00 mail postfix/submission/smtpd[1186]: connect from unknown[192.0.2.7]
2026-11-28T10:37:03.735704+00:00 mail postfix/submission/smtpd[1186]: Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519
2026-11-28T10:37:03.815146+00:00 mail postfix/lmtp[1193]: 4jc6Cz550fzCT36: to=<bob@example.test>, relay=mail.example.test[private/dovecot-lmtp], delay=0.11, delays=0.02/0.07/0/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob@example.test> qIprL8+uCmtDAAAAUi6ngw Saved)
2026-11-28T10:37:03.828517+00:00 mail postfix/smtp[1191]: 4jc6Cz550fzCT36: to=<fine@out.example>, relay=172.18.0.1[192.0.2.7]:36999, delay=0.12, delays=0.02/0.08/0.02/0.01, dsn=2.0.0, status=sent (250 2.0.0 OK queued as ABC123?[31m)
2026-11-28T10:37:03.829752+00:00 mail postfix/qmgr[1185]: 4jc6Cz550fzCT36: removed
--- home dovecot
2026-11-28 10:33:11 lmtp(bob@example.test)<78><iEg0I+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<plain@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><wGveJ+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<to-team@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><+ItWKuetCmtOAAAAUi6ngw>: Info: sieve: msgid=<tagged@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><CMz7NOetCmtOAAAAUi6ngw>: Info: sieve: msgid=<two@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<380><UDlKNuetCmt8AQAAUi6ngw>: Info: sieve: msgid=<from-stranger@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><cOOIN+etCmtOAAAAUi6ngw>: Info: sieve: msgid=unspecified: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<380><KLrzOOetCmt8AQAAUi6ngw>: Info: sieve: msgid=unspecified: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><GNE2OuetCmtOAAAAUi6ngw>: Info: sieve: msgid=unspecified: stored mail into mailbox 'INBOX'
2026-11-28 10:33:11 lmtp(bob@example.test)<78><yOQhO+etCmtOAAAAUi6ngw>: Info: sieve: msgid=<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw>: Info: sieve: msgid=<null-sender@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw:T2>: Info: sieve: msgid=<dup@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<78><gNY6AOitCmtOAAAAUi6ngw>: Info: program exec:/usr/local/lib/mailrig/sieve/programs/mailrig-delivered (385): Terminated with non-zero exit code 1
2026-11-28 10:33:12 lmtp(bob@example.test)<78><gNY6AOitCmtOAAAAUi6ngw>: Info: sieve: msgid=unspecified: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<380><YEvWAOitCmt8AQAAUi6ngw:T3>: Info: sieve: msgid=<dup@stranger.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392></Q8XDeitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-fileme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><UCbVDuitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-discardme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><QGJ0EeitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-redirectme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><uM8OFOitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-copyme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><EIb4FuitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-rejectme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><oPFoGeitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-vacate@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:33:12 lmtp(bob@example.test)<392><SGVUHOitCmuIAQAAUi6ngw>: Info: sieve: msgid=<sieve-both@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:35:26 lmtp(bob@example.test)<833><jnfjDG6uCmtBAwAAUi6ngw>: Info: sieve: msgid=<sieve2-fileme@client.example>: fileinto action: stored mail into mailbox 'Lists/x y'
2026-11-28 10:35:26 lmtp(bob@example.test)<833><CCbdDW6uCmtBAwAAUi6ngw>: Info: sieve: msgid=<sieve2-discardme@client.example>: discard action: Marked message to be discarded if not explicitly delivered (discard action)
2026-11-28 10:35:26 lmtp(bob@example.test)<838><v8BqEW6uCmtGAwAAUi6ngw>: Info: sieve: msgid=<sieve2-redirectme@client.example>: redirect action: forwarded to <alice@example.test>
2026-11-28 10:35:26 lmtp(bob@example.test)<839><7pL4E26uCmtHAwAAUi6ngw>: Info: sieve: msgid=<sieve2-copyme@client.example>: redirect action: forwarded to <alice@example.test>
2026-11-28 10:35:26 lmtp(bob@example.test)<839><7pL4E26uCmtHAwAAUi6ngw>: Info: sieve: msgid=<sieve2-copyme@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:35:26 lmtp(bob@example.test)<833><CCbdDW6uCmtBAwAAUi6ngw:T2>: Info: sieve: msgid=<sieve2-rejectme@client.example>: reject action: rejected message from <alice@example.test> (reject)
2026-11-28 10:35:26 lmtp(bob@example.test)<839><wP7bGW6uCmtHAwAAUi6ngw>: Info: sieve: msgid=<sieve2-vacate@client.example>: vacation action: sent vacation response to <alice@example.test>
2026-11-28 10:35:26 lmtp(bob@example.test)<839><wP7bGW6uCmtHAwAAUi6ngw>: Info: sieve: msgid=<sieve2-vacate@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:35:26 lmtp(bob@example.test)<844><oLUPHm6uCmtMAwAAUi6ngw>: Info: sieve: msgid=<sieve2-both@client.example>: fileinto action: stored mail into mailbox 'Junk'
2026-11-28 10:35:26 lmtp(bob@example.test)<844><oLUPHm6uCmtMAwAAUi6ngw>: Info: sieve: msgid=<sieve2-both@client.example>: stored mail into mailbox 'INBOX'
2026-11-28 10:37:03 lmtp(bob@example.test)<67><qIprL8+uCmtDAAAAUi6ngw>: Info: sieve: msgid=<out-ok@client.example>: stored mail into mailbox 'INBOX'
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
<sieve2-both@client.example>
  from alice@example.test, 580 bytes
  2026-11-28 10:35:26.483  home  4jc6B63QlLzCT7r         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:35:26      home  oLUPHm6uCmtMAwAAUi6ngw  stored    bob@example.test: Junk
  2026-11-28 10:35:26      home  oLUPHm6uCmtMAwAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:35:26.521  home  4jc6B63QlLzCT7r         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.05 s: 250 2.0.0 <bob@example.test> oLUPHm6uCmtMAwAAUi6ngw Saved
  = bob@example.test: stored in Junk, stored in INBOX

<out-ok@client.example>
  from alice@example.test, 565 bytes
  2026-11-28 10:37:03.716  home  4jc6Cz550fzCT36         accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), TLSv1.3 TLS_AES_256_GCM_SHA384
  2026-11-28 10:37:03      home  qIprL8+uCmtDAAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:37:03.815  home  4jc6Cz550fzCT36         sent      bob@example.test by mail.example.test[private/dovecot-lmtp] after 0.11 s: 250 2.0.0 <bob@example.test> qIprL8+uCmtDAAAAUi6ngw Saved
  2026-11-28 10:37:03.828  home  4jc6Cz550fzCT36         sent      fine@out.example by 172.18.0.1[192.0.2.7]:36999 after 0.12 s: 250 2.0.0 OK queued as ABC123?[31m
  = bob@example.test: stored in INBOX
  = fine@out.example: sent to 172.18.0.1[192.0.2.7]:36999

<two-hosts-team@stranger.example>
  from x@stranger.example, 592 bytes
  2026-11-28 10:54:49.884  mx    4jc6cT6Gw7zGYH7         accepted  by port 25 from unknown[192.0.2.7], TLSv1.3 TLS_AES_256_GCM_SHA384, postscreen: PASS OLD
  2026-11-28 10:54:50      home  oGZXOPmyCmvREAAAUi6ngw  stored    bob@example.test: INBOX
  2026-11-28 10:54:49.969  mx    4jc6cT6Gw7zGYH7         sent      bob@example.test (for team@example.test) by 100.64.0.2[100.64.0.2]:2525 after 0.12 s, handed over to home: 250 2.0.0 <bob@example.test> oGZXOPmyCmvREAAAUi6ngw Saved
  2026-11-28 10:54:50      home  UxoLOfmyCmvSEAAAUi6ngw  stored    alice@example.test: INBOX
  2026-11-28 10:54:50.017  mx    4jc6cT6Gw7zGYH7         sent      alice@example.test (for team@example.test) by 100.64.0.2[100.64.0.2]:2525 after 0.17 s, handed over to home: 250 2.0.0 <alice@example.test> UxoLOfmyCmvSEAAAUi6ngw Saved
  = bob@example.test: stored in INBOX
  = alice@example.test: stored in INBOX
(and more)
