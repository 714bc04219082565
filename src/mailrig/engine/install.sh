# Functions that install and start a Docker engine, or install packages, on Debian and its kin. A shell reads them, here
# or at the other end of ssh, and after them the line that calls one. They may be called again at any time.
#
# What they say begins with `* ` (is done), `! ` (went wrong), `| ` (words of a program that failed) or `? ` (what would
# help). They ask nothing.

set -u
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

run=/var/run
socket=$run/docker.sock
log=/var/log/dockerd.log
os_release=/etc/os-release
lock_patience=120 # seconds: on a new host, unattended upgrades hold dpkg's lock

say() { printf '* %s\n' "$*"; }

fail() {
    printf '! %s\n' "$1"
    [ -z "${2:-}" ] || printf '%s\n' "$2" | tail -n 12 | sed 's/^/| /'
    [ -z "${3:-}" ] || printf '? %s\n' "$3"
    exit 1
}

# Becoming root

is_root() { [ "$(id -u)" = 0 ]; }

as_root() {
    if is_root; then "$@"; else sudo -n "$@"; fi
}

require_root() {
    is_root && return
    user=$(id -un)
    cure="log in as root, or let $user become root: echo '$user ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/$user"
    command -v sudo > /dev/null || fail "$user is not root there, and there is no sudo" "" "$cure"
    said=$(sudo -n true 2>&1) || fail "$user may not become root there without a password" "$said" "$cure"
}

# Packages

is_debian() {
    families=$(. "$os_release" 2> /dev/null && printf '%s %s' "${ID:-}" "${ID_LIKE:-}")
    case " $families " in *' debian '* | *' ubuntu '*) ;; *) return 1 ;; esac
}

is_package() { apt-cache show "$1" > /dev/null 2>&1; }

apt() { as_root env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND" apt-get -q -y -o "DPkg::Lock::Timeout=$lock_patience" "$@" 2>&1; }

# A list that cannot be had is no reason to stop: it may be one of somebody's own, or the packages may be there.
refresh() {
    as_root env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND" dpkg --configure -a > /dev/null 2>&1 || :
    lists=$(apt update) || :
}

install() {
    said=$(apt install --no-install-recommends "$@") && return
    words=$(printf '%s\n%s\n' "$lists" "$said" | grep -E '^[EW]: |^Err:|rror' | tail -n 8)
    [ -n "$words" ] || words=$said
    fail "apt-get cannot install $*" "$words" "when that is cured, do the same again: it goes on where it stopped"
}

install_packages() {
    require_root
    say "installing $* from the distribution"
    refresh
    install "$@"
}

install_engine() {
    command -v dockerd > /dev/null && return
    if ! is_debian; then
        name=$(. "$os_release" 2> /dev/null && printf '%s' "${PRETTY_NAME:-}")
        fail "${name:-this system} is neither Debian nor Ubuntu, nor made of one of them" "" \
            "install Docker as https://docs.docker.com/engine/install/ says, then try again"
    fi
    require_root
    say "installing docker.io, iptables and ca-certificates from the distribution"
    refresh
    # What the engine needs at run time and only recommends; and its client, where that is a package of its own.
    set -- docker.io iptables ca-certificates
    if is_package docker-cli; then set -- "$@" docker-cli; fi
    install "$@"
}

# The engine

is_alive() { # the file with its process id, and the name of the program
    pid=$(cat "$1" 2> /dev/null) && [ "$(cat "/proc/$pid/comm" 2> /dev/null)" = "$2" ] &&
        ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status"
}

answers() {
    if [ -w "$socket" ]; then asking=; else asking=as_root; fi
    $asking perl -MIO::Socket::UNIX -e '
        my $engine = IO::Socket::UNIX->new(Peer => shift) or exit 1;
        alarm 5;
        print $engine "GET /_ping HTTP/1.0\r\n\r\n";
        exit !(<$engine> =~ / 200 /);' "$socket" 2> /dev/null
}

answers_within() { # seconds
    left=$(($1 * 5))
    until answers; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.2
    done
}

# dockerd takes any process that has the number in a dead engine's file for its like.
forget_dead_engine() {
    is_alive "$run/docker.pid" dockerd || as_root rm -f "$run/docker.pid"
    is_alive "$run/docker/containerd/containerd.pid" containerd || as_root rm -f "$run/docker/containerd/containerd.pid"
}

start_by_script() {
    [ -e /etc/init.d/docker ] && as_root service docker start > /dev/null 2>&1 && answers_within 10
}

start_engine() {
    if answers_soon; then return; fi
    require_root
    if [ -d /run/systemd/system ]; then
        say "starting the Docker engine, now and at each boot (systemctl enable --now docker)"
        said=$(as_root systemctl enable --now docker 2>&1) || fail "systemd cannot start the Docker engine" "$said" \
            "its log: journalctl -u docker"
    elif start_by_script; then
        say "started the Docker engine (service docker start)"
    else
        say "starting the Docker engine in the background (dockerd, log in $log)"
        forget_dead_engine
        as_root sh -c "setsid nohup dockerd >> $log 2>&1 < /dev/null &"
    fi
    answers_within 60 && return
    words=$(as_root tail -n 6 "$log" 2> /dev/null || as_root journalctl -n 6 -o cat -u docker 2> /dev/null)
    fail "the Docker engine was started and does not answer" "$words" "its log: $log, or journalctl -u docker"
}

# A user who may not open the socket cannot ask; one who cannot become root either is told so.
answers_soon() {
    [ -S "$socket" ] || return 1
    is_root || [ -w "$socket" ] || require_root
    answers
}

join_group() {
    is_root && return
    case " $(id -nG "$(id -un)") " in *' docker '*) return ;; esac
    [ "$(stat -c %G "$socket" 2> /dev/null)" = docker ] || return
    require_root
    as_root usermod -aG docker "$(id -un)"
    say "put $(id -un) into the group docker, which is as good as root there; it counts from the next login on"
}

set_up_engine() {
    if command -v dockerd > /dev/null && answers_soon; then
        say "Docker is there, and runs"
    fi
    install_engine
    start_engine
    join_group
}
