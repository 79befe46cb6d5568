#!/usr/bin/env bash
# Random clicks, drags, wheel, keys, typing and sizes on the real window, on a screen in memory.
#
#   scripts/monkey.sh BINARY [SECONDS] [SEED]
#
# 600 seconds and seed 1 by default. What is done depends on the seed alone, how far it comes on the seconds. Every action
# is a line of actions.txt. After each round of actions the window must show and hide the sheet of keys; after some it opens
# a preset, rests, and must then neither compute nor hold much more memory or more threads than before. A panic fails.
# KEEP is a folder for the log, the samples and pictures of the last rounds; they stay there whatever comes of it.
set -euo pipefail

if (($# < 1 || $# > 3)); then
    echo "usage: $0 BINARY [SECONDS] [SEED]" >&2
    exit 2
fi
# the app runs in a folder of its own, so that whatever is typed as a path stays in the room
binary=$(realpath "$1")
readonly seconds=${2:-600} seed=${3:-1}

# shellcheck source=scripts/xvfb.sh
source "$(dirname "${BASH_SOURCE[0]}")/xvfb.sh"

readonly most_width=1920 most_height=1080 least_width=300 least_height=240
readonly actions_per_round=60
readonly rounds_per_rest=2
# a window at rest uses at most so much of a core in a second, one that computes far more
readonly resting_ticks=20
readonly memory_factor_percent=130 memory_slack_kib=$((50 * 1024))

# The sheet of keys changes more than this, the little that moves in a calm window less.
readonly fewest_changed_pixels=2000

state=$seed
width=1280 height=720
window=""
actions=0 quits=0
samples=() threads=()

# A number from 0 to one less than the argument, in $drawn: no subshell, which would forget the state.
draw() {
    state=$(((state * 1103515245 + 12345) & 0x7fffffff))
    drawn=$(((state >> 8) % $1))
}

# One of the arguments, in $picked.
pick() {
    draw $#
    shift "$drawn"
    picked=$1
}

# Does something and notes it. The app may just have been left by a command of its own.
act() {
    echo "$*" >>"$room/actions.txt"
    xdotool "$@" >/dev/null 2>>"$room/xdotool.txt" || true
}

rest() {
    sleep "$1"
}

anywhere() {
    draw "$width"
    x=$drawn
    draw "$height"
    y=$drawn
}

# Where most controls are: the left panel, the bars above and below.
on_controls() {
    anywhere
    pick left left top bottom
    case $picked in
        left) x=$((x % 290)) ;;
        top) y=20 ;;
        bottom) y=$((height - 22)) ;;
    esac
}

somewhere() {
    pick anywhere anywhere on_controls
    "$picked"
}

click() {
    somewhere
    pick 1 1 1 1 1 3
    act mousemove "$x" "$y" click "$picked"
}

double_click() {
    somewhere
    act mousemove "$x" "$y" click --repeat 2 --delay 40 1
}

drag() {
    somewhere
    local from_x=$x from_y=$y step
    act mousemove "$x" "$y" mousedown 1
    pick anywhere anywhere near along
    case $picked in
        anywhere) anywhere ;;
        near)
            draw 120
            x=$((x + drawn - 60))
            draw 120
            y=$((y + drawn - 60))
            ;;
        along)
            draw 300
            x=$((x + drawn - 150))
            ;;
    esac
    x=$((x < 0 ? 0 : x)) y=$((y < 0 ? 0 : y))
    for step in 1 2 3 4; do
        act mousemove $((from_x + (x - from_x) * step / 4)) $((from_y + (y - from_y) * step / 4))
        rest 0.02
    done
    act mouseup 1
}

wheel() {
    anywhere
    draw 8
    local repeat=$((drawn + 1))
    pick 4 5 4 5 6 7
    local button=$picked
    pick plain plain plain ctrl shift
    if [[ $picked == plain ]]; then
        act mousemove "$x" "$y" click --repeat "$repeat" --delay 5 "$button"
    else
        act mousemove "$x" "$y" keydown "$picked" click --repeat "$repeat" --delay 5 "$button" keyup "$picked"
    fi
}

# All keys of the app's table but the one that quits, and those that move the keyboard about.
key() {
    pick space Left Right shift+Left shift+Right ctrl+Left ctrl+Right Home End r 1 2 3 4 5 6 7 8 alt+1 alt+2 alt+3 alt+8 l \
        ctrl+z ctrl+z ctrl+z ctrl+shift+z ctrl+y ctrl+o ctrl+s e ctrl+k t f h F1 question Escape Escape Tab Tab shift+Tab \
        Return Up Down Prior Next Delete BackSpace ctrl+a
    act key --clearmodifiers "$picked"
}

letter() {
    pick a b c d g i j k m n o p q s u v w x y z 0 9 plus minus comma period F2 F5 F11 Insert
    act key --clearmodifiers "$picked"
}

# What a number may be, and what it may not. Without a slash, so that no path leads out of the working folder.
words() {
    pick nan inf -inf 1e308 -1e308 1e-308 0 -0 -5 3.5 0.1 0.5 1 2 7 12 1e3 1e-3 99999999 100000000 1e400 --1 1e 1,5 abc \
        "x y" "0x10" "∞" "..." "%" "a_very_long_text_that_is_nobodys_idea_of_a_number_0123456789" ""
}

type_words() {
    words
    act type --clearmodifiers --delay 4 -- "$picked"
    pick Return Return Tab Escape
    act key --clearmodifiers "$picked"
}

# A click on a field of a number selects it; a click elsewhere makes of the words so many keys.
type_into() {
    on_controls
    act mousemove "$x" "$y" click 1
    rest 0.05
    pick yes yes no
    [[ $picked == no ]] || act key --clearmodifiers ctrl+a
    type_words
}

walk_by_tab() {
    draw 25
    act key --clearmodifiers --repeat $((drawn + 1)) --delay 8 Tab
    pick space Return Left Right Up Down words words
    if [[ $picked == words ]]; then
        type_words
    else
        act key --clearmodifiers --repeat 3 --delay 8 "$picked"
    fi
}

command() {
    act key --clearmodifiers Escape key --clearmodifiers ctrl+k
    rest 0.1
    pick "open p" "problem" "problem sine" "problem val" "problem deg" "problem mini" "add method" "add bome" "add aid" "add fin" \
        "isolate" "show or" "light" "explan" "play" "run again" "to the end" "undo" "redo" "next sc" zzz
    act type --clearmodifiers --delay 4 -- "$picked"
    draw 6
    ((drawn == 0)) || act key --clearmodifiers --repeat "$drawn" --delay 8 Down
    pick Return Return Return Escape
    act key --clearmodifiers "$picked"
}

preset() {
    act key --clearmodifiers Escape key --clearmodifiers ctrl+k
    rest 0.1
    pick welcome coreset minimax degenerate valleys pbgd sine
    act type --clearmodifiers --delay 4 -- "open preset $picked"
    act key --clearmodifiers Return
}

# The chooser of layouts in the top bar of a wide window, in letters of the usual size or those for a room.
layout() {
    pick 10 14
    local size=$picked
    local x=$((width - 332 * size / 10))
    act mousemove "$x" $((20 * size / 10)) click 1
    rest 0.2
    draw 3
    act mousemove "$x" $(((50 + 24 * drawn) * size / 10)) click 1
}

export_dialog() {
    act key --clearmodifiers Escape key --clearmodifiers Escape key --clearmodifiers e
    rest 0.1
    draw 4
    local changes=$drawn
    while ((changes-- > 0)); do
        # about the middle, where the dialog is
        draw 420
        x=$((width / 2 - 210 + drawn))
        draw "$height"
        y=$drawn
        act mousemove "$x" "$y" click 1
        pick yes no
        [[ $picked == no ]] || type_words
    done
    pick name.svg name.png trace.csv experiment.toml nonsense.xyz nonsense "" stay stay
    if [[ $picked != stay ]]; then
        act key --clearmodifiers ctrl+a type --clearmodifiers --delay 4 -- "$picked"
    fi
    pick Return Escape Escape
    act key --clearmodifiers "$picked"
}

# What was exported is opened again, or something that is not there.
open_file() {
    act key --clearmodifiers Escape key --clearmodifiers ctrl+o
    rest 0.1
    pick experiment.toml experiment.toml name.svg missing.toml . ""
    act type --clearmodifiers --delay 4 -- "$picked"
    act key --clearmodifiers Return
}

resize() {
    pick small small known known any
    case $picked in
        small)
            width=$least_width height=$least_height
            ;;
        known)
            pick 640x480 900x600 1280x720 1920x1080
            width=${picked%x*} height=${picked#*x}
            ;;
        any)
            draw $((most_width - least_width + 1))
            width=$((least_width + drawn))
            draw $((most_height - least_height + 1))
            height=$((least_height + drawn))
            ;;
    esac
    act windowsize "$window" "$width" "$height"
    # a small window would else be all that is looked at
    pick back back stay
    if [[ $picked == back ]]; then
        draw 3
        act_back=$((drawn + 1))
    fi
}

scrub() {
    draw "$width"
    act mousemove $((200 + drawn / 2)) $((height - 22)) mousedown 1
    draw "$width"
    act mousemove "$drawn" $((height - 22))
    act mouseup 1
}

one_action() {
    pick click click click click click click double_click drag drag drag drag wheel wheel key key key key key key letter \
        type_into type_into type_into walk_by_tab walk_by_tab command command preset export_dialog open_file layout layout resize scrub
    "$picked"
    actions=$((actions + 1))
    if ((act_back > 0 && --act_back == 0)); then
        width=1280 height=720
        act windowsize "$window" "$width" "$height"
    fi
    draw 8
    rest "0.0$((drawn + 1))"
}

find_window() {
    window=$(xdotool search --onlyvisible --name '.+' 2>/dev/null | tail -n 1) || true
    [[ -n $window ]] || fail "The app has no visible window."
}

# Starts the app in the room's working folder, on the whole of a middling window.
start() {
    cd "$room/work"
    start_app "$binary"
    wait_for_picture "$room/first.png"
    find_window
    width=1280 height=720
    xdotool windowmove "$window" 0 0 windowsize "$window" "$width" "$height"
    xdotool windowfocus --sync "$window"
    sleep 1
}

# A panic fails; an end that a command of the palette asked for does not.
still_runs() {
    if grep --quiet "panicked at" "$room/stderr.txt"; then
        fail "A thread of the app panicked after $actions actions."
    fi
    if app_is_running; then
        return
    fi
    local status=0
    wait "$app_pid" || status=$?
    ((status == 0)) || fail "The app ended with status $status after $actions actions."
    app_pid=""
    quits=$((quits + 1))
    say "A command has quit the app: it is started again"
    samples=() threads=()
    start
}

# Whatever was held, open or chosen: nothing lies over the window any more, and time stands at the start.
calm_down() {
    act mouseup 1 keyup shift keyup ctrl keyup alt
    act mousemove $((most_width - 1)) $((most_height - 1))
    local press
    for press in 1 2 3; do
        act key --clearmodifiers Escape
        rest 0.1
    done
    act key --clearmodifiers Home
    rest 0.3
}

# Whatever was asked for is done and drawn; curves that grow change little.
is_calm() {
    take_picture "$room/calm.png"
    sleep 0.5
    take_picture "$room/without-sheet.png"
    (($(changed_pixels "$room/calm.png" "$room/without-sheet.png") < fewest_changed_pixels))
}

sheet_is_shown() {
    take_picture "$room/with-sheet.png"
    (($(changed_pixels "$room/without-sheet.png" "$room/with-sheet.png") >= fewest_changed_pixels))
}

sheet_is_gone() {
    take_picture "$room/after-sheet.png"
    local left shown
    shown=$(changed_pixels "$room/without-sheet.png" "$room/with-sheet.png")
    left=$(changed_pixels "$room/without-sheet.png" "$room/after-sheet.png")
    # curves may go on growing meanwhile
    ((left < shown / 3))
}

answers() {
    calm_down
    still_runs
    wait_until "$patience_s" is_calm || fail "The window is not at rest $patience_s s after it was paused."
    act key --clearmodifiers F1
    wait_until "$patience_s" sheet_is_shown || fail "F1 shows no sheet of keys after $actions actions."
    act key --clearmodifiers F1
    wait_until "$patience_s" sheet_is_gone || fail "F1 does not take the sheet of keys away after $actions actions."
    if [[ -n ${KEEP-} ]]; then
        cp "$room/after-sheet.png" "$KEEP/round-$((round % 40)).png"
    fi
}

ticks() {
    local fields
    read -ra fields <"/proc/$app_pid/stat"
    echo $((fields[13] + fields[14]))
}

is_resting() {
    local before
    before=$(ticks)
    sleep 1
    (($(ticks) - before <= resting_ticks))
}

# The same state each time, whatever was before: then memory can be compared.
take_sample() {
    width=1280 height=720 act_back=0
    act windowsize "$window" "$width" "$height"
    act key --clearmodifiers ctrl+k
    rest 0.2
    act type --clearmodifiers --delay 10 -- "open preset minimax"
    act key --clearmodifiers Return
    rest 0.3
    calm_down
    still_runs
    wait_until "$patience_s" is_resting || fail "The app still computes $patience_s s after it was paused on a small preset."
    local memory count
    memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$app_pid/status")
    count=$(ls "/proc/$app_pid/task" | wc -l)
    samples+=("$memory")
    threads+=("$count")
    echo "$SECONDS $actions $memory $count" >>"$room/samples.txt"
    say "$actions actions, at rest: $((memory / 1024)) MiB, $count threads"
}

median() {
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# The first samples are left out: fonts, pictures and tables of the driver come with use.
compare_samples() {
    local count=${#samples[@]}
    if ((count < 6)); then
        say "$count samples of memory: too few to compare"
        return
    fi
    local sixth=$((count / 6)) third=$((count / 3))
    local early late
    early=$(median "${samples[@]:sixth:sixth}")
    late=$(median "${samples[@]:count-third}")
    say "Memory at rest: $((early / 1024)) MiB early, $((late / 1024)) MiB late"
    ((late <= early * memory_factor_percent / 100 + memory_slack_kib)) || fail "Memory has grown from $early to $late KiB."
    early=$(median "${threads[@]:sixth:sixth}")
    late=$(median "${threads[@]:count-third}")
    ((late <= early)) || fail "Threads have grown from $early to $late."
}

keep_logs() {
    if [[ -n ${KEEP-} && -n $room ]]; then
        cp "$room"/*.txt "$KEEP" || true
    fi
}

act_back=0 round=0
make_room
trap 'status=$?; keep_logs; clean_up $status' EXIT
mkdir "$room/work"
start_screen "$most_width" "$most_height"
start
SECONDS=0
while ((SECONDS < seconds)); do
    round=$((round + 1))
    for ((number = 0; number < actions_per_round; number++)); do
        one_action
        app_is_running || break
    done
    still_runs
    answers
    if ((round % rounds_per_rest == 0)); then
        take_sample
    fi
done
take_sample
compare_samples
quit
if grep --quiet "panicked at" "$room/stderr.txt"; then
    fail "A thread of the app panicked."
fi
say "Monkey test passed: $actions actions in $SECONDS s with seed $seed, quit $quits times by a command"
