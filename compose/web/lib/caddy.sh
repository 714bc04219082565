# How Caddy is run, given its certificates, and asked. Sourced by the programs beside it.

readonly ADMIN=/run/caddy/admin.sock
readonly PAIRS=/run/mailrig/tls
readonly COPIES=/var/lib/mailrig/tls/current
export XDG_CONFIG_HOME=/run/caddy XDG_DATA_HOME=/run/caddy HOME=/run/caddy

# Caddy is no root: strangers talk to it, and it needs none of root's rights.
readonly AS_WEB=(setpriv --reuid=web --regid=web --clear-groups)

# Give the certificates of the release in $1 and their keys to the user $2, as files that nobody else can read. The key
# may lack the end of its last line. Both are in one file, which changes by a rename: a pair is never half new.
hand_over() {
    local owner=$2 name folder
    mkdir -p -m 0755 /run/caddy "$PAIRS"
    chown "$owner:$owner" /run/caddy
    for name in tls alt; do
        folder=$1
        [[ ! -f $1/certificates ]] || folder=$COPIES
        if [[ ! -f $folder/$name.crt || ! -f $folder/$name.key ]]; then
            rm -f "$PAIRS/$name.pem"
            continue
        fi
        (umask 077; { cat "$folder/$name.key"; echo; cat "$folder/$name.crt"; } >"$PAIRS/.$name.new")
        chown "$owner:$owner" "$PAIRS/.$name.new"
        mv "$PAIRS/.$name.new" "$PAIRS/$name.pem"
    done
}

# What Caddy complained about, without its log lines.
fault_of() {
    grep -E '^(Error|reload|adapt|run): ' <<<"$1" | tail -n 1 || tail -n 1 <<<"$1"
}

# The status of an answer over TLS, as from the first line that Caddy says; fails without one.
answered() {
    local line
    line=$(printf 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' |
        timeout 5 openssl s_client -quiet -connect 127.0.0.1:8443 2>/dev/null | head -n 1) || true
    [[ $line == "HTTP/1.1 "* ]] || return 1
    echo "${line%$'\r'}"
}
