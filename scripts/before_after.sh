#!/usr/bin/env bash
# Pictures of the window before and after a change, side by side: the left half is of one binary, the right half of another.
#
#   scripts/before_after.sh BEFORE AFTER FOLDER < LIST
#
# It builds nothing. Each line of LIST is a picture, FOLDER/NAME.png:
#
#   NAME WIDTHxHEIGHT light|dark PRESET [KEY...]
#
# PRESET may be a file. Keys are those of xdotool, such as "End" and "shift+v", pressed at the first drawing. WAIT is as in
# scripts/screenshot.sh. A line that begins with # is a comment.
set -euo pipefail

if (($# != 3)); then
    echo "usage: $0 BEFORE AFTER FOLDER < LIST" >&2
    exit 2
fi
before=$1 after=$2 folder=$3
here=$(dirname "${BASH_SOURCE[0]}")
montage=/usr/bin/montage
mkdir -p "$folder"
half=$(mktemp --directory --tmpdir bilevel-lab.XXXXXX)
trap 'rm -rf "$half"' EXIT

while read -r name size theme preset keys <&3; do
    [[ -n $name && $name != \#* ]] || continue
    if [[ ! $size =~ ^[0-9]+x[0-9]+$ || ! $theme =~ ^(light|dark)$ || -z $preset ]]; then
        echo "$name: expected NAME WIDTHxHEIGHT light|dark PRESET [KEY...]" >&2
        exit 2
    fi
    # the window is light on a screen in memory
    [[ $theme == light ]] || keys="t $keys"
    for side in before after; do
        KEYS=$keys "$here/screenshot.sh" "${!side}" "$half/$side.png" "$size" --fresh "$preset" </dev/null
    done
    "$montage" "$half/before.png" "$half/after.png" -tile 2x1 -geometry +4+0 -background red "$folder/$name.png"
    echo "$folder/$name.png"
done 3<&0
