says: nothing is known
source: Postfix 3.7.11 and Dovecot 2.3.19.1 of Debian bookworm
query: <never@seen.example>
===
nothing is known of it
