#!/usr/bin/env bash
# A picture of the app's window, taken on a screen in memory: for the docs, and to look at a change.
#
#   scripts/screenshot.sh BINARY OUT.png [WIDTHxHEIGHT] [ARGUMENT...]
#
# WAIT is the number of seconds between the first drawing and the picture: 4 where it is not set. KEYS are keys to be pressed
# at the first drawing, such as "space".
set -euo pipefail

if (($# < 2)); then
    echo "usage: $0 BINARY OUT.png [WIDTHxHEIGHT] [ARGUMENT...]" >&2
    exit 2
fi
binary=$1 out=$2
shift 2
size=1280x720
if [[ ${1-} =~ ^[0-9]+x[0-9]+$ ]]; then
    size=$1
    shift
fi

# shellcheck source=scripts/xvfb.sh
source "$(dirname "${BASH_SOURCE[0]}")/xvfb.sh"

make_room
start_screen "${size%x*}" "${size#*x}"
xdotool mousemove "${size%x*}" "${size#*x}" # into the corner, where it hovers over nothing
start_app "$binary" "$@"
wait_for_picture "$room/first.png"
fill_screen
if [[ -n ${KEYS-} ]]; then
    # keys go where the pointer is
    # shellcheck disable=SC2086 # several keys are several words
    xdotool mousemove 5 5 key $KEYS mousemove "${size%x*}" "${size#*x}"
fi
sleep "${WAIT:-4}"
app_is_running || fail "The app ended by itself."
take_picture "$room/picture.png"
mv "$room/picture.png" "$out"
say "Picture: $out"
