says: postscreen has a new client come again, and lets it in then
query: <again@stranger.example>
--- mx postfix
2026-11-28T10:00:00.100000+00:00 mx postfix/postscreen[542]: CONNECT from [192.0.2.7]:33242 to [198.51.100.1]:25
2026-11-28T10:00:06.200000+00:00 mx postfix/postscreen[542]: NOQUEUE: reject: RCPT from [192.0.2.7]:33242: 450 4.3.2 Service currently unavailable; from=<x@stranger.example>, to=<alice@example.test>, proto=ESMTP, helo=<mail.stranger.example>
2026-11-28T10:00:06.300000+00:00 mx postfix/postscreen[542]: PASS NEW [192.0.2.7]:33242
2026-11-28T10:02:00.100000+00:00 mx postfix/postscreen[542]: CONNECT from [192.0.2.7]:33250 to [198.51.100.1]:25
2026-11-28T10:02:00.110000+00:00 mx postfix/postscreen[542]: PASS OLD [192.0.2.7]:33250
2026-11-28T10:02:00.120000+00:00 mx postfix/smtpd[543]: connect from mail.stranger.example[192.0.2.7]
2026-11-28T10:02:00.200000+00:00 mx postfix/smtpd[543]: 4jc67W6RCxzCSpS: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:02:00.210000+00:00 mx postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<again@stranger.example>
2026-11-28T10:02:00.220000+00:00 mx postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
===
<again@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:02:00.200  mx  4jc67W6RCxzCSpS  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS, postscreen: PASS OLD
