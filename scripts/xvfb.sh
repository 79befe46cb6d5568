# shellcheck shell=bash
# A screen in memory with the app on it. Sourced by smoke.sh, monkey.sh and screenshot.sh, which call, in this order:
#
#   make_room                      a folder for what happens here, in $room
#   start_screen WIDTH HEIGHT      the screen; DISPLAY points to it
#   start_app BINARY [ARGUMENT...] the app, in a process group of its own: $app_pid
#   wait_for_picture FILE          until the app has drawn; leaves the picture in FILE
#   fill_screen                    the app's window over the whole screen, with the keyboard
#
# The screen and the app are ended when the script ends, however it ends. The room stays behind after a failure.

# Full paths, since a program of the same name earlier in PATH may be something else.
readonly import=/usr/bin/import identify=/usr/bin/identify compare=/usr/bin/compare

# A blank window has one colour, a window without a plot a few dozen.
readonly fewest_colours=100
readonly patience_s=${PATIENCE:-60}
readonly key_quit=ctrl+q quit_within_s=10

room="" screen_pid="" app_pid="" screen_width="" screen_height=""

make_room() {
    local program
    for program in Xvfb xdotool "$import" "$identify" "$compare"; do
        if ! command -v "$program" >/dev/null; then
            echo "$program is missing. Run scripts/install-packages.sh first." >&2
            exit 2
        fi
    done
    room=$(mktemp --directory --tmpdir bilevel-lab.XXXXXX)
    set -o errtrace
    trap 'fail "line $LINENO: $BASH_COMMAND"' ERR
    trap 'clean_up $?' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

clean_up() {
    local status=$1
    trap - EXIT ERR
    if [[ -n $app_pid ]]; then
        kill -KILL -- "-$app_pid" 2>/dev/null || true
        wait "$app_pid" 2>/dev/null || true
    fi
    if [[ -n $screen_pid ]]; then
        kill "$screen_pid" 2>/dev/null || true
        wait "$screen_pid" 2>/dev/null || true
    fi
    if ((status == 0)); then
        rm -rf "$room"
    fi
    exit "$status"
}

say() {
    echo "$(date +%H:%M:%S) $*"
}

# Ends the script with a sentence, the last picture and what the app said.
fail() {
    trap - ERR
    say "FAILED: $*" >&2
    take_picture "$room/at-failure.png" 2>/dev/null || true
    echo "Pictures: $room" >&2
    if [[ -s $room/stderr.txt ]]; then
        echo "--- what the app wrote to stderr:" >&2
        cat "$room/stderr.txt" >&2
    else
        echo "The app wrote nothing to stderr." >&2
    fi
    exit 1
}

# wait_until SECONDS COMMAND...: false when the command is not true within that time.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.2
    done
}

start_screen() {
    screen_width=$1 screen_height=$2
    Xvfb -displayfd 3 -screen 0 "${screen_width}x${screen_height}x24" -nolisten tcp -noreset \
        3>"$room/display.txt" >"$room/xvfb.txt" 2>&1 &
    screen_pid=$!
    wait_until "$patience_s" test -s "$room/display.txt" || fail "No screen: $(cat "$room/xvfb.txt")"
    DISPLAY=":$(<"$room/display.txt")"
    export DISPLAY
    say "Screen $DISPLAY, $screen_width x $screen_height"
}

# The app starts in an empty home, without Wayland, a session bus or a graphics card.
start_app() {
    mkdir -p "$room/home"
    chmod 700 "$room/home"
    env -u WAYLAND_DISPLAY -u WAYLAND_SOCKET -u DBUS_SESSION_BUS_ADDRESS \
        -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME -u XDG_CACHE_HOME \
        HOME="$room/home" XDG_RUNTIME_DIR="$room/home" LIBGL_ALWAYS_SOFTWARE=1 \
        setsid "$@" >"$room/stdout.txt" 2>"$room/stderr.txt" &
    app_pid=$!
    say "Started $* as process $app_pid"
}

app_is_running() {
    kill -0 "$app_pid" 2>/dev/null
}

take_picture() {
    "$import" -silent -window root "$1"
}

# The picture has many colours, or there is no use in waiting for it.
is_drawn() {
    app_is_running || return 0
    take_picture "$1" && (($("$identify" -format %k "$1") >= fewest_colours))
}

wait_for_picture() {
    wait_until "$patience_s" is_drawn "$1" || fail "The window is still blank after $patience_s s."
    app_is_running || fail "The app ended before it drew anything."
    say "The app has drawn $("$identify" -format %k "$1") colours"
}

fill_screen() {
    local window
    # Nothing else is on this screen, so any window with a name is the app's.
    window=$(xdotool search --onlyvisible --name '.+' 2>/dev/null | tail -n 1) || true
    [[ -n $window ]] || fail "The app has no visible window."
    xdotool windowmove "$window" 0 0 windowsize "$window" "$screen_width" "$screen_height"
    xdotool windowfocus --sync "$window"
    sleep 1
}

# changed_pixels PICTURE PICTURE: how many differ.
changed_pixels() {
    local count
    count=$("$compare" -metric AE "$1" "$2" null: 2>&1) || true
    printf '%.0f\n' "${count%% *}"
}

# Leaves the app by its key: it must end soon, well, and whole.
quit() {
    xdotool key --clearmodifiers "$key_quit"
    if ! wait_until 3 app_has_ended; then
        # it asks about unsaved changes; the second answer drops them
        xdotool key --clearmodifiers Tab
        sleep 0.5
        xdotool key --clearmodifiers Return
    fi
    wait_until "$quit_within_s" app_has_ended || fail "The app still runs $quit_within_s s after $key_quit."
    local status=0
    wait "$app_pid" || status=$?
    ((status == 0)) || fail "The app ended with status $status."
    if kill -0 -- "-$app_pid" 2>/dev/null; then
        fail "The app left a process behind."
    fi
    app_pid=""
    say "The app has quit with status 0"
}

# bash has taken note of the end of its child by then, and keeps the status for `wait`.
app_has_ended() {
    ! app_is_running
}
