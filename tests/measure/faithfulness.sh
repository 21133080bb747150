#!/bin/sh
# The faithfulness curve of every grouping on the demonstration's model: writes the demonstration anew from the trained weights, which
# differ from processor to processor, compresses in the database, runs the model, imports what it did and prints the curves; docs/faithfulness.md has them. Needs python3-torch and python3-numpy, and the built launcher (./sot demo).
#
#     tests/measure/faithfulness.sh [CACHE]
#
# CACHE is where trained weights are kept and looked for (default /tmp/sot-lab); training takes a quarter of an hour.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
cache=${1:-/tmp/sot-lab}
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac
python=/usr/bin/python3
[ -x "$python" ] || python=python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
(cd "$root/import/python"
    "$python" -m sot_lab build --out "$work/import" --cache "$cache"
    "$python" -m sot_lab global --out "$work/import" --cache "$cache")

"$root/sot" run "$root/tests/measure/faithfulness-export.cypher" --import "$work/import" --data "$work/data"
for list in global prompts; do
    (cd "$root/import/python" && "$python" -m sot_lab interventions "$work/import/$list.jsonl" \
        --out "$work/import/$list-results.jsonl" --bundle "$work/import/bundle" --cache "$cache")
done
"$root/sot" run "$root/tests/measure/faithfulness-import.cypher" --import "$work/import" --data "$work/data"
