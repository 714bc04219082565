says: of two recipients one is refused in the dialogue, after the queue file was begun
query: <partly@stranger.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.205000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: reject: RCPT from mail.stranger.example[192.0.2.7]: 550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in virtual mailbox table; from=<x@stranger.example> to=<nobody@example.test> proto=ESMTP helo=<mail.stranger.example>
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<partly@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
===
<partly@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:00:00.205  home  4jc67W6RCxzCSpS  reject    nobody@example.test: 550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in virtual mailbox table
  = nobody@example.test: reject: 550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in virtual mailbox table
