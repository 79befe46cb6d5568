#!/usr/bin/env bash
# The pictures of docs/lessons.md: a step of each lesson on a screen in memory, light and dark in turn.
#
#   scripts/lesson_pictures.sh BINARY [LESSON...]
#
# Steps that play are shown some seconds later. ImageMagick reduces the colours.
set -euo pipefail

binary=${1:?usage: scripts/lesson_pictures.sh BINARY [LESSON...]}
shift
declare -A steps=([what-is-bilevel]=6 [the-gap]=3 [unrolling]=5 [implicit]=5 [value-function]=3 [jumps]=5 [traps]=4
    [n-levels]=4 [noise]=2 [fair-race]=2)
names=(what-is-bilevel the-gap unrolling implicit value-function jumps traps n-levels noise fair-race)
(($# > 0)) && chosen=("$@") || chosen=("${names[@]}")

# shellcheck source=scripts/xvfb.sh
source "$(dirname "${BASH_SOURCE[0]}")/xvfb.sh"

make_room
start_screen 1280 720
mkdir -p docs/lessons
for place in "${!names[@]}"; do
    name=${names[place]}
    [[ " ${chosen[*]} " == *" $name "* ]] || continue
    start_app "$binary" --fresh lesson "$name"
    wait_for_picture "$room/$name-first.png"
    fill_screen
    keys=()
    for ((step = 1; step < steps[$name]; step++)); do keys+=(Next); done
    ((place % 2)) && keys+=(t)
    ((${#keys[@]})) && xdotool mousemove 640 300 key --delay 400 "${keys[@]}"
    xdotool mousemove 1279 719
    sleep "${WAIT:-24}"
    take_picture "$room/$name.png"
    convert "$room/$name.png" -colors 160 "png8:docs/lessons/$name.png"
    quit
done
