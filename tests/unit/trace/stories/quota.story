says: the mailbox is full: refused in the dialogue, when Postfix asks Dovecot
query: bob@example.test
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: NOQUEUE: reject: RCPT from mail.stranger.example[192.0.2.7]: 552 5.2.2 <bob@example.test>: Recipient address rejected: Mailbox is full; from=<x@stranger.example> to=<bob@example.test> proto=ESMTP helo=<mail.stranger.example>
===
refused in the dialogue
  2026-11-28 10:00:00.200  home  reject  x@stranger.example to bob@example.test, from mail.stranger.example[192.0.2.7], HELO mail.stranger.example: 552 5.2.2 <bob@example.test>: Recipient address rejected: Mailbox is full
