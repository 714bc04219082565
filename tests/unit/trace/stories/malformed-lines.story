says: what is no line, is cut off or has an impossible date is passed over
query: <odd@stranger.example>
--- home postfix
message-id=<odd@stranger.example>
2026-13-45T99:00:00.200000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<odd@stranger.example>
Feb 30 10:00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<odd@stranger.example>
Xyz 12 10:00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<odd@stranger.example>
2026-11-28T10:00:00.200000+00:00 mail postfix/cleanup[261]: message-id=<odd@stranger.example>
2026-11-28T10:00:00.200000+00:00 mail postfix/cleanup[26
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<odd@stranger.example>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<x@stranger.example>, size=big, nrcpt=1 (queue active)
2026-11-28T10:00:00.230000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=none, delay=, status=
2026-11-28T10:00:00.240000+00:00 mail postfix/lmtp[264]: 4jc67W6RCxzCSpS: to=<bob@example.test>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=4.3.0, status=deferred (mail transport unavailable)
--- home dovecot
2026-11-28 10:00:00 lmtp(bob@example.test)<380><AAAAAAAAAAAAAAAAAAAAAA>: Info: sieve: msgid=<odd@stranger.example>: did what nobody knows
2026-11-28 10:00:00 lmtp(bob@example.test: Info: sieve: msgid=<odd@stranger.example>: stored mail into mailbox 'INBOX'
===
<odd@stranger.example>
  2026-11-28 10:00:00.240  home  4jc67W6RCxzCSpS  deferred  bob@example.test after 0.1 s: mail transport unavailable
  = bob@example.test: waits in the queue, for 0.1 s now: mail transport unavailable
