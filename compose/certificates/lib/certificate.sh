# What is wrong with a certificate and its key, one message a line; nothing where they are right. Sourced by mailrig-check
# and mailrig-certificates.

# $1 certificate, $2 key: paths as people know them; $3 and $4 their copies, where these are meant.
certificate_faults() {
    local cert=$1 key=$2 cert_read=${3:-$1} key_read=${4:-$2} path said public faults=0
    for path in "$cert" "$key"; do
        said=$(cat "$path" 2>&1 >/dev/null) || { echo "cannot read ${said#cat: }"; faults=1; }
    done
    [[ $faults == 0 ]] || return 0
    said=$(openssl x509 -in "$cert_read" -noout -checkend 0 -startdate -enddate -dateopt iso_8601 -pubkey 2>/dev/null)
    [[ -n $said ]] || { echo "$cert holds no certificate (PEM)"; return 0; }
    [[ $said == *'will not expire' ]] || echo "the certificate $cert has expired: $(sed -n 's/^notAfter=//p' <<<"$said")"
    [[ ! $(sed -n 's/^notBefore=//p' <<<"$said") > $(date -u '+%F %TZ') ]] ||
        echo "the certificate $cert is not valid yet: from $(sed -n 's/^notBefore=//p' <<<"$said") on"
    public=$(openssl pkey -in "$key_read" -passin pass: -pubout 2>/dev/null) ||
        { echo "$key holds no private key (PEM) that can be read without a password"; return 0; }
    [[ $said == *"$public"* ]] || echo "the key $key does not fit the certificate $cert"
}
