says: a gateway of somebody else's makes known for whom it stands in
query: <forward@stranger.example>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxzCSpS: client=mx.example.test[100.64.0.1], orig_queue_id=4jc6cT50hzzGYH7, orig_client=mail.stranger.example[192.0.2.7]
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<forward@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
===
<forward@stranger.example>
  from x@stranger.example, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS  accepted  by port 25 from mx.example.test[100.64.0.1], for mail.stranger.example[192.0.2.7], no TLS
