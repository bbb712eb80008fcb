#!/bin/sh
# Runs a test with the keychain it names: unlocked (a real gnome-keyring on a bus of its own), nobus, nokeyring.
set -eu
kind=$1
shift
command -v dbus-run-session >/dev/null || { echo "SKIP: no dbus-run-session"; exit 77; }
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_RUNTIME_DIR="$home/run"
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY XDG_CURRENT_DESKTOP DESKTOP_SESSION KDE_FULL_SESSION GNOME_KEYRING_CONTROL || true
export PARLEY_TEST_KEYRING="$kind"
case $kind in
unlocked)
    command -v gnome-keyring-daemon >/dev/null || { echo "SKIP: no gnome-keyring"; exit 77; }
    dbus-run-session -- sh -c '
        printf "test" | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        status=0
        "$@" || status=$?
        # What was kept must not lie about in the clear.
        if grep -rqs "5Aep" "$HOME"; then echo "FAIL: a secret lies in the clear"; exit 1; fi
        exit $status' sh "$@"
    ;;
nobus)
    export DBUS_SESSION_BUS_ADDRESS="unix:path=$home/none"
    "$@"
    if grep -rqs "5Aep" "$home"; then echo "FAIL: a secret lies in the clear"; exit 1; fi
    ;;
nokeyring)
    # A bus whose activation directories are empty: nobody is there to be called.
    cat >"$home/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=$home</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
CONF
    dbus-run-session --config-file="$home/bus.conf" -- "$@"
    ;;
esac
