#!/usr/bin/env bash
# The same outer iteration in ours, in numpy and in PyTorch, in one sitting, one thread each.
#
#   benches/peers/run.sh [ROUNDS]
#
# PYTHON is the Python that has numpy and torch: Debian's where it is not set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c "import numpy, torch" 2>/dev/null; then
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
"$python" benches/peers/peers.py "$program" "$@"
