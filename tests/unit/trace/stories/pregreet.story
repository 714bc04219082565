says: postscreen refuses who speaks before it is greeted
query: alice@example.test
--- mx postfix
2026-11-28T10:00:00.100000+00:00 mx postfix/postscreen[542]: CONNECT from [192.0.2.66]:33242 to [198.51.100.1]:25
2026-11-28T10:00:00.200000+00:00 mx postfix/postscreen[542]: PREGREET 18 after 0.1 from [192.0.2.66]:33242: EHLO spam.example\r\n
2026-11-28T10:00:00.900000+00:00 mx postfix/postscreen[542]: NOQUEUE: reject: RCPT from [192.0.2.66]:33242: 550 5.5.1 Protocol error; from=<s@spam.example>, to=<alice@example.test>, proto=ESMTP, helo=<spam.example>
2026-11-28T10:00:00.950000+00:00 mx postfix/postscreen[542]: HANGUP after 0.8 from [192.0.2.66]:33242 in tests after SMTP handshake
2026-11-28T10:00:00.960000+00:00 mx postfix/postscreen[542]: DISCONNECT [192.0.2.66]:33242
===
refused in the dialogue
  2026-11-28 10:00:00.900  mx  reject  s@spam.example to alice@example.test, from [192.0.2.66]:33242, HELO spam.example (postscreen: PREGREET): 550 5.5.1 Protocol error
