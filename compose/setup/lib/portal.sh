# How the portal is run, given its key pair, and asked. Sourced by the programs beside it.

readonly CURRENT=/etc/mailrig/current
readonly SIGNER=/run/mailrig/signer.pem # key first, then the chain: in one file, so that a pair is never half new

# The portal is no root: strangers talk to it, and it needs none of root's rights.
readonly AS_SETUP=(setpriv --reuid=setup --regid=setup --clear-groups)

# The paths of certificate and key: in the release, or on the Docker host as the release's file `signer` says.
pair() {
    if [[ -f $CURRENT/signer ]]; then
        IFS=$'\t' read -r cert key <"$CURRENT/signer"
    else
        cert=$CURRENT/tls.crt key=$CURRENT/tls.key
    fi
}

# Give the portal the key pair with which it signs profiles, as a file that it alone can read. Where the two do not belong
# together (a renewal that is half there), cannot be read or have ended, it keeps what it has. Says so only when it is new.
hand_over() {
    local cert key said=
    pair
    (umask 077; { cat -- "$key"; echo; cat -- "$cert"; } >"$SIGNER.new" 2>/dev/null) || said="cannot read $cert and $key"
    if [[ -z $said ]] && cmp -s "$SIGNER.new" "$SIGNER"; then
        rm -f "$SIGNER.new" "$SIGNER.fault"
        return
    fi
    [[ -n $said ]] || said=$(fault "$SIGNER.new" "$cert" "$key")
    if [[ -n $said ]]; then
        rm -f "$SIGNER.new"
        [[ $said == "$(cat "$SIGNER.fault" 2>/dev/null)" ]] || complain "$said"
        echo "$said" >"$SIGNER.fault"
        return
    fi
    rm -f "$SIGNER.fault"
    chown setup:setup "$SIGNER.new"
    mv "$SIGNER.new" "$SIGNER"
}

# Why profiles cannot be signed with the pair in the file $1, which comes from $2 and $3; nothing where they can.
fault() {
    local public
    if ! public=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null); then
        echo "$2 holds no certificate (PEM)"
    elif [[ $public != "$(openssl pkey -in "$1" -pubout 2>/dev/null)" ]]; then
        echo "$3 is not the key of $2"
    elif ! openssl x509 -in "$1" -noout -checkend 0 >/dev/null; then
        echo "$2 has expired"
    fi
}

complain() {
    local how="not signed"
    [[ ! -e $SIGNER ]] || how="signed with the certificate of before"
    echo "mailrig: profiles are $how: $1" >&2
}

# What the portal answers at /health; fails without an answer, or with another one.
answered() {
    local status line
    exec 7<>/dev/tcp/127.0.0.1/8080 || return
    printf 'GET /health HTTP/1.0\r\n\r\n' >&7
    read -rt 5 -u 7 status || return
    while read -rt 5 -u 7 line && [[ -n ${line%$'\r'} ]]; do :; done
    [[ $status == "HTTP/1."?" 200 "* ]] && cat <&7
} 2>/dev/null
