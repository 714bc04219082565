says: the same failure over and over is told in few lines
query: <waits@client.example>
--- home postfix
2026-11-28T00:00:00.000000+00:00 mail postfix/submission/smtpd[268]: 4jc67W6RCxzCSpS: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.test
2026-11-28T00:00:00.000001+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<waits@client.example>
2026-11-28T00:00:00.000002+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<alice@example.test>, size=405, nrcpt=1 (queue active)
2026-11-28T00:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T01:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=3601, delays=3600/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T02:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=7201, delays=7200/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T03:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=10801, delays=10800/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T04:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=14401, delays=14400/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T05:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=18001, delays=18000/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T06:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=21601, delays=21600/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T07:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=25201, delays=25200/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T08:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=28801, delays=28800/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T09:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=32401, delays=32400/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
2026-11-28T10:00:00.000000+00:00 mail postfix/smtp[264]: 4jc67W6RCxzCSpS: to=<y@elsewhere.example>, relay=none, delay=36001, delays=36000/0/1/0, dsn=4.4.1, status=deferred (connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out)
===
<waits@client.example>
  from alice@example.test, 405 bytes
  2026-11-28 00:00:00      home  4jc67W6RCxzCSpS  accepted  by submission (587) from unknown[192.0.2.7], login alice@example.test (PLAIN), no TLS
  2026-11-28 00:00:00      home  4jc67W6RCxzCSpS  deferred  y@elsewhere.example after 1 s: connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out
  2026-11-28 10:00:00      home  4jc67W6RCxzCSpS  deferred  and 9 times between: y@elsewhere.example after 10 h: connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out
  = y@elsewhere.example: waits in the queue, for 10 h now: connect to mx.elsewhere.example[198.51.100.2]:25: Connection timed out
