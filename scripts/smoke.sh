#!/usr/bin/env bash
# Smoke test of the real window: opens the app on a screen in memory, drags the start, saves a figure, and closes it.
#
#   scripts/smoke.sh BINARY
#
# PATIENCE is the longest wait for any one thing, in seconds: 60 where it is not set.
set -euo pipefail

if (($# != 1)); then
    echo "usage: $0 BINARY" >&2
    exit 2
fi
binary=$1

# shellcheck source=scripts/xvfb.sh
source "$(dirname "${BASH_SOURCE[0]}")/xvfb.sh"

# Where things are and what keys do: change these with the window.
readonly width=1280 height=720
readonly landscape_x=560 landscape_y=240 # the middle of the landscape
readonly drag_x=80 drag_y=0              # how far the start is dragged
readonly key_play_pause=space
readonly key_export=e # opens a dialog whose path field has the keyboard
readonly figure_type=svg figure_mark="<svg"

readonly fewest_changed_pixels=200

# Two pictures of this length of time apart are the same.
readonly still_s=0.7

press() {
    xdotool key --clearmodifiers "$1"
}

is_still() {
    take_picture "$room/still-1.png"
    sleep "$still_s"
    take_picture "$room/still-2.png"
    app_is_running || fail "The app ended by itself."
    (($(changed_pixels "$room/still-1.png" "$room/still-2.png") == 0))
}

wait_until_still() {
    wait_until "$patience_s" is_still || fail "The window still moves $1 after $patience_s s."
}

pause() {
    press "$key_play_pause"
    wait_until_still "after a pause"
    say "Paused: the window stands still"
}

# The pointer rests at the same place in both pictures, so what hovering shows is no difference.
drag_start() {
    local end_x=$((landscape_x + drag_x)) end_y=$((landscape_y + drag_y))
    xdotool mousemove "$landscape_x" "$landscape_y"
    sleep 0.2
    xdotool click 1
    sleep 0.2
    xdotool mousemove "$end_x" "$end_y"
    wait_until_still "after a click"
    take_picture "$room/before-drag.png"

    xdotool mousemove "$landscape_x" "$landscape_y"
    sleep 0.2
    xdotool mousedown 1
    local step
    for step in 1 2 3 4 5 6 7 8; do
        xdotool mousemove $((landscape_x + drag_x * step / 8)) $((landscape_y + drag_y * step / 8))
        sleep 0.05
    done
    xdotool mouseup 1
    wait_until_still "after a drag"
    take_picture "$room/after-drag.png"

    local changed
    changed=$(changed_pixels "$room/before-drag.png" "$room/after-drag.png")
    ((changed >= fewest_changed_pixels)) || fail "Dragging the start changed only $changed pixels."
    say "Dragged the start: $changed pixels changed"
}

save_figure() {
    local figure=$room/figure.$figure_type
    press "$key_export"
    sleep 1
    take_picture "$room/export.png"
    press ctrl+a
    xdotool type --clearmodifiers --delay 20 "$figure"
    press Return
    wait_until "$patience_s" test -s "$figure" || fail "No figure was saved to $figure."
    grep --quiet --text --fixed-strings -- "$figure_mark" "$figure" || fail "$figure is not a picture of its type."
    say "Saved a figure of $(stat --format=%s "$figure") bytes"
    sleep 0.5
}

make_room
start_screen "$width" "$height"
start_app "$binary"
wait_for_picture "$room/first.png"
fill_screen
pause
drag_start
save_figure
quit
if grep --quiet "panicked at" "$room/stderr.txt"; then
    fail "A thread of the app panicked."
fi
say "Smoke test passed"
