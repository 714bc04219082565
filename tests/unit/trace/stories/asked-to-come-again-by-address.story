says: by the recipient both are told: that it was refused for a moment, and accepted then
query: alice@example.test
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
2026-11-28T10:02:01.220000+00:00 mx postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<alice@example.test>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to 100.64.0.2[100.64.0.2]:2525: Connection timed out)
===
<again@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:02:00.200  mx  4jc67W6RCxzCSpS  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS, postscreen: PASS OLD
  2026-11-28 10:02:01.220  mx  4jc67W6RCxzCSpS  deferred  alice@example.test after 1 s: connect to 100.64.0.2[100.64.0.2]:2525: Connection timed out
  = alice@example.test: waits in the queue, for 1 s now: connect to 100.64.0.2[100.64.0.2]:2525: Connection timed out

refused in the dialogue
  2026-11-28 10:00:06.200  mx  reject  x@stranger.example to alice@example.test, from [192.0.2.7]:33242, HELO mail.stranger.example (postscreen: PASS NEW): 450 4.3.2 Service currently unavailable
