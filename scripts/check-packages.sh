#!/usr/bin/env bash
# Packs every crate as a registry would get it, without building it, and fails on an archive of 10 MB or more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly most_bytes=$((10 * 1000 * 1000))

cargo package --workspace --no-verify --locked --allow-dirty --quiet
count=0
for archive in "${CARGO_TARGET_DIR:-target}"/package/*.crate; do
    bytes=$(stat --format=%s "$archive")
    echo "$(basename "$archive"): $bytes bytes"
    if ((bytes >= most_bytes)); then
        echo "$archive has $bytes bytes; $most_bytes are too many. See include and exclude in its Cargo.toml." >&2
        exit 1
    fi
    count=$((count + 1))
done
if ((count < 5)); then
    echo "only $count archives; every crate of the workspace should have one" >&2
    exit 1
fi
