# What is wrong with a certificate and its key, one message a line; nothing where they are right. Sourced by mailrig-check.

# $1 certificate, $2 key: paths as the daemon opens them.
certificate_faults() {
    local cert=$1 key=$2 path said public faults=0
    for path in "$cert" "$key"; do
        said=$(cat "$path" 2>&1 >/dev/null) || { echo "cannot read ${said#cat: }"; faults=1; }
    done
    [[ $faults == 0 ]] || return 0
    said=$(openssl x509 -in "$cert" -noout -checkend 0 -enddate -pubkey 2>/dev/null)
    [[ -n $said ]] || { echo "$cert holds no certificate (PEM)"; return 0; }
    [[ $said == *'will not expire' ]] || echo "the certificate $cert has expired: ${said%%$'\n'*}"
    public=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null) ||
        { echo "$key holds no private key (PEM) that can be read without a password"; return 0; }
    [[ $said == *"$public"* ]] || echo "the key $key does not fit the certificate $cert"
}
