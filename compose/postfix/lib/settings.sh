# How a release becomes a directory of Postfix's own form, and whether smtpd can work with it. Sourced by mailrig-apply
# and mailrig-check.

readonly PRISTINE=/usr/share/mailrig/postfix

# The lines of a rendered file, without comments and empty ones. Where a setting is made twice, the last counts, which is
# the user's own.
lines_of() {
    grep -Ev '^[[:space:]]*(#|$)' "$1" | tac | awk -F '[ =]' '!seen[$1]++' | tac
}

# Postfix's programs wait for a main.cf to "cool down" that is younger than a second or two. Nobody but us writes this
# one, and it is never read half-written, so date it back; else every step here would cost a second, and so would every
# daemon after the reload.
cool() {
    touch -d '1 minute ago' "$1/main.cf"
}

# Make $2 out of the release in $1. Without a name, postconf would print all there are.
make_settings() {
    local files=$1 target=$2 settings services
    cp -a "$PRISTINE/." "$target"
    mapfile -t settings < <(lines_of "$files/main.settings")
    postconf -c "$target" -e "${settings[@]}" || return
    cool "$target"
    mapfile -t services < <(lines_of "$files/master.services")
    (( ${#services[@]} == 0 )) || postconf -c "$target" -M "${services[@]}" || return
    mapfile -t settings < <(lines_of "$files/master.settings")
    (( ${#settings[@]} == 0 )) || postconf -c "$target" -P "${settings[@]}"
}

# smtpd reads nearly every setting when it starts, and ends with a fatal error at one that it cannot use; under the
# master it would do so again and again, while `postfix check` looks at files and owners alone. Without TLS, for which
# smtpd needs a running tlsmgr, and without login, for which it needs Dovecot. $1 is the directory, what follows are
# options -o. Prints what smtpd logged when it does not work.
judge() {
    local target=$1 said
    shift
    said=$(printf 'QUIT\r\n' | MAIL_CONFIG="$target" sh -c 'echo $$ >"$MAIL_CONFIG/pid"; exec "$@"' sh \
        /usr/lib/postfix/sbin/smtpd -S "$@" -o syslog_name=mailrig -o smtpd_tls_security_level=none \
        -o smtpd_tls_wrappermode=no -o smtpd_sasl_auth_enable=no 2>/dev/null) || true
    [[ $said == *"221 "* ]] && return
    sleep 0.1
    tail -n 50 "$log" | sed -n "s,.*/smtpd\[$(cat "$target/pid")\]: ,,p"
    return 1
}

# Find where smtpd's log lines go, and set `log` to it. A container that is made only to check a configuration has no
# rsyslogd, and smtpd writes nowhere else: there, a process that is ours takes them down in the file $1.
open_log() {
    log=/var/log/mail.log
    [[ -S /dev/log ]] && return
    log=$1
    perl -MIO::Socket::UNIX -MSocket=SOCK_DGRAM -e '
        $| = 1;
        my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die "/dev/log: $!";
        my $line;
        print "$line\n" while defined $log->recv($line, 8192);
    ' >"$log" &
    listener=$!
    for _ in {1..100}; do
        [[ -S /dev/log ]] && return
        sleep 0.005
    done
}

close_log() {
    [[ -n ${listener:-} ]] || return 0
    kill "$listener"
    rm -f /dev/log
}
