#!/usr/bin/env bash
# Writes the tables of docs/regularization.md: what the preset comes to on the documents of five seeds, as its test prints it, or what
# other methods come to with as many step sizes tried for each.
#
#   scripts/regularization.sh [LOG]                LOG: what the test has printed already
#   scripts/regularization.sh methods [BINARY]     a quarter of an hour on two cores
#
# The figures of a set of real size are those of a run on a file, with its peak memory and its time_s in summary.json:
#
#   /usr/bin/time -v bilevel-lab run FILE.toml --out OUT       data = "PATH" in FILE.toml
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# what stands between two marks is replaced
replace() {
    awk -v table="$2" -v from="<!-- $1 -->" '
        $0 == from { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1; next }
        /^<!-- end -->$/ { skip = 0 }
        !skip { print }
    ' docs/regularization.md >"$work/regularization.md"
    mv "$work/regularization.md" docs/regularization.md
}

if [[ ${1:-} == methods ]]; then
    binary=${2:-target/release/bilevel-lab}
    "$binary" tune scripts/regularization-methods.toml --judge phi --out "$work/tuned" >/dev/null
    "$binary" run "$work/tuned/tuned.toml" --out "$work/run" --threads 1 >/dev/null
    python3 scripts/regularization_table.py "$work/tuned/tuned.toml" "$work/run/summary.json" >"$work/methods.md"
    replace methods "$work/methods.md"
    exit
fi

if [[ $# -gt 0 ]]; then
    cp "$1" "$work/log"
else
    cargo test --locked --test it -- --ignored --nocapture regularization >"$work/log"
fi

{
    echo "| seed | model | validation loss | test loss | test accuracy | noise AUC | noise removed |"
    echo "|---|---|---|---|---|---|---|"
    sed -nE 's/^\[\("data_seed", ([0-9]+)\.0\)\] ([a-z ]+): \[(.*)\]$/| \1 | \2 | \3 |/p' "$work/log" |
        sed 's/, / | /g; s/| run |/| BOME, end of the run |/; s/| trained |/| BOME, trained to the end |/; s/| none |/| no regularization |/'
} >"$work/table.md"

replace table "$work/table.md"
