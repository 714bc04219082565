says: handed over by sendmail(1) in the container
query: <local@mail.example.test>
--- home postfix
2026-11-28T10:00:00.200000+00:00 mail postfix/pickup[268]: 4jc67W6RCxzCSpS: uid=0 from=<root>
2026-11-28T10:00:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxzCSpS: message-id=<local@mail.example.test>
2026-11-28T10:00:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxzCSpS: from=<root@mail.example.test>, size=405, nrcpt=1 (queue active)
===
<local@mail.example.test>
  from root@mail.example.test, 405 bytes
  2026-11-28 10:00:00.200  home  4jc67W6RCxzCSpS  accepted  by sendmail from a program of user 0 on the host itself
