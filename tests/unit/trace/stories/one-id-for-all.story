says: a stranger gives all messages one id: the newest are told, and that there are more
query: <1>
most: 2
--- mx postfix
2026-11-28T10:10:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0010: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:10:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0010: message-id=<1>
2026-11-28T10:10:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0010: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:11:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0011: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:11:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0011: message-id=<1>
2026-11-28T10:11:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0011: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:12:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0012: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:12:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0012: message-id=<1>
2026-11-28T10:12:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0012: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:13:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0013: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:13:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0013: message-id=<1>
2026-11-28T10:13:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0013: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:14:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0014: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:14:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0014: message-id=<1>
2026-11-28T10:14:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0014: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:15:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0015: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:15:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0015: message-id=<1>
2026-11-28T10:15:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0015: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:16:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0016: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:16:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0016: message-id=<1>
2026-11-28T10:16:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0016: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:17:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0017: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:17:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0017: message-id=<1>
2026-11-28T10:17:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0017: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:18:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0018: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:18:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0018: message-id=<1>
2026-11-28T10:18:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0018: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:19:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0019: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:19:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0019: message-id=<1>
2026-11-28T10:19:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0019: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:20:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0020: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:20:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0020: message-id=<1>
2026-11-28T10:20:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0020: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:21:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0021: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:21:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0021: message-id=<1>
2026-11-28T10:21:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0021: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:22:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0022: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:22:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0022: message-id=<1>
2026-11-28T10:22:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0022: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:23:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0023: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:23:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0023: message-id=<1>
2026-11-28T10:23:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0023: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:24:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0024: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:24:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0024: message-id=<1>
2026-11-28T10:24:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0024: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:25:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0025: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:25:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0025: message-id=<1>
2026-11-28T10:25:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0025: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:26:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0026: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:26:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0026: message-id=<1>
2026-11-28T10:26:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0026: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:27:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0027: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:27:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0027: message-id=<1>
2026-11-28T10:27:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0027: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:28:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0028: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:28:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0028: message-id=<1>
2026-11-28T10:28:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0028: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:29:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0029: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:29:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0029: message-id=<1>
2026-11-28T10:29:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0029: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:30:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0030: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:30:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0030: message-id=<1>
2026-11-28T10:30:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0030: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:31:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0031: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:31:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0031: message-id=<1>
2026-11-28T10:31:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0031: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:32:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0032: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:32:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0032: message-id=<1>
2026-11-28T10:32:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0032: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:33:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0033: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:33:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0033: message-id=<1>
2026-11-28T10:33:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0033: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:34:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0034: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:34:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0034: message-id=<1>
2026-11-28T10:34:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0034: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:35:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0035: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:35:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0035: message-id=<1>
2026-11-28T10:35:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0035: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:36:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0036: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:36:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0036: message-id=<1>
2026-11-28T10:36:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0036: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:37:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0037: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:37:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0037: message-id=<1>
2026-11-28T10:37:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0037: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:38:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0038: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:38:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0038: message-id=<1>
2026-11-28T10:38:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0038: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
2026-11-28T10:39:00.200000+00:00 mail postfix/smtpd[268]: 4jc67W6RCxz0039: client=mail.stranger.example[192.0.2.7]
2026-11-28T10:39:00.210000+00:00 mail postfix/cleanup[261]: 4jc67W6RCxz0039: message-id=<1>
2026-11-28T10:39:00.220000+00:00 mail postfix/qmgr[227]: 4jc67W6RCxz0039: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
===
<1>
  from x@stranger.example, 405 bytes
  2026-11-28 10:30:00.200  mx  4jc67W6RCxz0030  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:31:00.200  mx  4jc67W6RCxz0031  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:32:00.200  mx  4jc67W6RCxz0032  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:33:00.200  mx  4jc67W6RCxz0033  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:34:00.200  mx  4jc67W6RCxz0034  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:35:00.200  mx  4jc67W6RCxz0035  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:36:00.200  mx  4jc67W6RCxz0036  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:37:00.200  mx  4jc67W6RCxz0037  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:38:00.200  mx  4jc67W6RCxz0038  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
  2026-11-28 10:39:00.200  mx  4jc67W6RCxz0039  accepted  by port 25 from mail.stranger.example[192.0.2.7], no TLS
(and more)
