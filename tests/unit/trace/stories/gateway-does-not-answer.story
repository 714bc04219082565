says: a queue id of a gateway that does not answer is known at home, and so is the client
query: 4jc6bF2NTXzM1FC
--- home dovecot
2026-11-28 10:54:49 lmtp(anna@example.org)<550><CBFOAAAAAAAAAAAAAAAAAA>: Info: sieve: DEBUG: handed over by 100.64.0.20: 4jc6bF2NTXzM1FC: client=mail.example.net[198.51.100.7], helo=<mail.example.net>
2026-11-28 10:54:49 lmtp(anna@example.org)<550><CBFOAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<hello@example.net>: stored mail into mailbox 'INBOX'
===
<hello@example.net>
  2026-11-28 10:54:49      home  CBFOAAAAAAAAAAAAAAAAAA  came    anna@example.org: by 100.64.0.20 out of 4jc6bF2NTXzM1FC, from mail.example.net[198.51.100.7]
  2026-11-28 10:54:49      home  CBFOAAAAAAAAAAAAAAAAAA  stored  anna@example.org: INBOX
  = anna@example.org: stored in INBOX
