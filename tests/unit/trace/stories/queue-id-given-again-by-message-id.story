says: of a queue id that was given again, only the life that was asked after is told
query: <second@other.example>
--- home postfix
2026-11-21T10:00:00.200000+00:00 mail postfix/smtpd[268]: 0B7651D8011: client=mail.stranger.example[192.0.2.7]
2026-11-21T10:00:00.210000+00:00 mail postfix/cleanup[261]: 0B7651D8011: message-id=<first@stranger.example>
2026-11-21T10:00:00.220000+00:00 mail postfix/qmgr[227]: 0B7651D8011: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-21T10:00:01.900000+00:00 mail postfix/smtp[264]: 0B7651D8011: to=<y@elsewhere.example>, relay=mx.elsewhere.example[198.51.100.2]:25, delay=1.7, delays=0.02/0/0/1.68, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 12345)
2026-11-21T10:00:01.910000+00:00 mail postfix/qmgr[227]: 0B7651D8011: removed
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[270]: 0B7651D8011: client=mail.other.example[192.0.2.9]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 0B7651D8011: message-id=<second@other.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 0B7651D8011: from=<z@other.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:00:01.900000+00:00 mail postfix/smtp[264]: 0B7651D8011: to=<y@elsewhere.example>, relay=mx.elsewhere.example[198.51.100.2]:25, delay=1.7, delays=0.02/0/0/1.68, dsn=4.2.0, status=deferred (host mx.elsewhere.example[198.51.100.2] said: 450 4.2.0 busy (in reply to MAIL FROM command))
===
<second@other.example>
  from z@other.example, 405 bytes
  2026-11-28 10:00:00.200  home  0B7651D8011  accepted  by port 25 from mail.other.example[192.0.2.9], no TLS
  2026-11-28 10:00:01.900  home  0B7651D8011  deferred  y@elsewhere.example by mx.elsewhere.example[198.51.100.2]:25 after 1.7 s: host mx.elsewhere.example[198.51.100.2] said: 450 4.2.0 busy (in reply to MAIL FROM command)
  = y@elsewhere.example: waits in the queue, for 1.7 s now: host mx.elsewhere.example[198.51.100.2] said: 450 4.2.0 busy (in reply to MAIL FROM command)
