#!/usr/bin/env bash
# How long the app takes from its start to its first frame, beside an eframe window with nothing in it.
#
#   scripts/start-up.sh [ROUNDS]
#
# Both are started in turn on a screen in memory. eframe shows a window when its first frame is painted, so the time is taken
# when the X server says that the window is mapped. The first round warms up the disk cache and does not count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=${1:-15}
limit=1.5
for program in Xvfb xev stdbuf; do
    if ! command -v "$program" >/dev/null; then
        echo "$program is missing: apt-get install xvfb x11-utils" >&2
        exit 2
    fi
done

cargo build --release --locked --quiet --bin bilevel-lab --example empty_window
target=${CARGO_TARGET_DIR:-target}/release

room=$(mktemp --directory --tmpdir bilevel-lab.XXXXXX)
screen_pid="" xev_pid="" window_pid=""
clean_up() {
    for pid in $window_pid $xev_pid $screen_pid; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$room"
}
trap clean_up EXIT

Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp -noreset 3>"$room/display" >"$room/xvfb" 2>&1 &
screen_pid=$!
until [[ -s $room/display ]]; do sleep 0.1; done
DISPLAY=":$(<"$room/display")"
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1 HOME=$room XDG_RUNTIME_DIR=$room
unset WAYLAND_DISPLAY WAYLAND_SOCKET DBUS_SESSION_BUS_ADDRESS XDG_STATE_HOME
chmod 700 "$room"

mkfifo "$room/events"
stdbuf --output=L xev -root -event substructure >"$room/events" &
xev_pid=$!
exec 4<"$room/events"

# first_frame PROGRAM: the milliseconds until its window is shown, in $milliseconds.
first_frame() {
    local line begin end
    # what came of the last window
    while read -r -t 0.3 -u 4 line; do :; done
    begin=$EPOCHREALTIME
    "$1" >"$room/out" 2>&1 &
    window_pid=$!
    while read -r -t 60 -u 4 line; do
        [[ $line == MapNotify* ]] && break
    done
    end=$EPOCHREALTIME
    [[ $line == MapNotify* ]] || { echo "$1 shows no window" >&2; cat "$room/out" >&2; exit 1; }
    milliseconds=$(((${end/./} - ${begin/./}) / 1000))
    kill -KILL "$window_pid"
    wait "$window_pid" 2>/dev/null || true
    window_pid=""
}

median() {
    sort --numeric-sort | awk '{ all[NR] = $1 } END { print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'
}

for ((round = 0; round <= rounds; round++)); do
    first_frame "$target/bilevel-lab"
    ours=$milliseconds
    first_frame "$target/examples/empty_window"
    ((round == 0)) && continue
    echo "$ours" >>"$room/ours"
    echo "$milliseconds" >>"$room/empty"
    awk -v ours="$ours" -v empty="$milliseconds" 'BEGIN { print ours / empty }' >>"$room/ratios"
done

awk -v ratio="$(median <"$room/ratios")" -v ours="$(median <"$room/ours")" -v empty="$(median <"$room/empty")" -v limit="$limit" '
    BEGIN {
        print "| what | ratio | limit | measured |\n|---|---|---|---|"
        verdict = ratio <= limit ? "" : ": MISSED"
        printf "| start to first frame / an empty window | %.2f | at most %s%s | %d ms over %d ms |\n", ratio, limit, verdict, ours, empty
    }'
