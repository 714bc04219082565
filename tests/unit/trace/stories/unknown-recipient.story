says: refused in the dialogue
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: nobody@example.test
--- home postfix
2026-11-28T10:33:11.914007+00:00 mail postfix/smtpd[269]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in virtual mailbox table; from=<x@stranger.example> to=<nobody@example.test> proto=ESMTP helo=<stranger.example>
===
refused in the dialogue
  2026-11-28 10:33:11.914  home  reject  x@stranger.example to nobody@example.test, from unknown[192.0.2.7], HELO stranger.example: 550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in virtual mailbox table
