says: who asks for relaying is found by the address that mail was for
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: nobody@elsewhere.example
--- home postfix
2026-11-28T10:33:11.920163+00:00 mail postfix/smtpd[246]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 454 4.7.1 <nobody@elsewhere.example>: Relay access denied; from=<x@stranger.example> to=<nobody@elsewhere.example> proto=ESMTP helo=<stranger.example>
===
refused in the dialogue
  2026-11-28 10:33:11.920  home  reject  x@stranger.example to nobody@elsewhere.example, from unknown[192.0.2.7], HELO stranger.example: 454 4.7.1 <nobody@elsewhere.example>: Relay access denied
