#!/usr/bin/env bash
# Writes the tables of docs/continual.md: what the preset comes to in the tasks of five seeds, as its test prints it.
#
#   scripts/continual.sh [LOG]      LOG: what the test has printed already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ $# -gt 0 ]]; then
    cp "$1" "$work/log"
else
    cargo test --locked --test it -- --ignored --nocapture continual >"$work/log"
fi

{
    echo "| training | forgetting | average accuracy | learning accuracy | test loss |"
    echo "|---|---|---|---|---|"
    grep '^| ' "$work/log"
    echo
    sed -n 's/^average accuracy of BOME above \(.*\): \(.*\)$/* BOME above *\1*: \2/p' "$work/log"
} >"$work/table.md"

# what stands between the marks is replaced
awk -v table="$work/table.md" '
    /<!-- table -->/ { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1; next }
    /<!-- end -->/ { skip = 0 }
    !skip { print }
' docs/continual.md >"$work/continual.md"
mv "$work/continual.md" docs/continual.md
