#!/usr/bin/env bash
# The same outer iteration in ours and in others, in one sitting, one thread each.
#
#   benches/peers/run.sh [ROUNDS]            BOME on the toy coreset: numpy, PyTorch
#   benches/peers/run.sh nested [ROUNDS]     the exact method for three nested levels: jax
#   benches/peers/run.sh cleaning [ROUNDS]   BOME on hyper-cleaning: numpy, with one thread and with two
#
# PYTHON is the Python that has numpy and torch, or jax: Debian's where it is not set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=${PYTHON:-/usr/bin/python3}
script=peers
if [[ ${1:-} == cleaning ]]; then
    shift
    if ! "$python" -c "import numpy" 2>/dev/null; then
        echo "$python has no numpy: apt-get install python3-numpy libopenblas0, or set PYTHON" >&2
        exit 2
    fi
    cargo build --release --locked
    exec "$python" benches/peers/cleaning.py "${CARGO_TARGET_DIR:-target}/release/bilevel-lab" "$@"
fi
if [[ ${1:-} == nested ]]; then
    script=nested
    shift
    if ! "$python" -c "import jax" 2>/dev/null; then
        echo "$python has no jax: pip install jax in an environment of its own, and set PYTHON to its python" >&2
        exit 2
    fi
elif ! "$python" -c "import numpy, torch" 2>/dev/null; then
    echo "$python has no numpy or no torch: apt-get install python3-numpy python3-torch, or set PYTHON" >&2
    exit 2
fi

program=$(cargo bench --locked --bench peers --no-run --message-format=json |
    "$python" -c '
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable") and message["target"]["name"] == "peers":
        print(message["executable"])
')
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
"$python" "benches/peers/$script.py" "$program" "$@"
