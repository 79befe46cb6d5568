#!/usr/bin/env bash
# Writes the table of docs/regularization.md: what the preset comes to on the documents of five seeds, as its test prints it.
#
#   scripts/regularization.sh [LOG]      LOG: what the test has printed already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ $# -gt 0 ]]; then
    cp "$1" "$work/log"
else
    cargo test --release --locked --test regularization -- --ignored --nocapture >"$work/log"
fi

{
    echo "| seed | model | validation loss | test loss | test accuracy | noise AUC | noise removed |"
    echo "|---|---|---|---|---|---|---|"
    sed -nE 's/^\[\("data_seed", ([0-9]+)\.0\)\] ([a-z ]+): \[(.*)\]$/| \1 | \2 | \3 |/p' "$work/log" |
        sed 's/, / | /g; s/| run |/| BOME, end of the run |/; s/| trained |/| BOME, trained to the end |/; s/| none |/| no regularization |/'
} >"$work/table.md"

# what stands between the marks is replaced
awk -v table="$work/table.md" '
    /<!-- table -->/ { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1; next }
    /<!-- end -->/ { skip = 0 }
    !skip { print }
' docs/regularization.md >"$work/regularization.md"
mv "$work/regularization.md" docs/regularization.md
