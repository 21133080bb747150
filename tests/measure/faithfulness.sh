#!/bin/sh
# The faithfulness curve of every grouping on the demonstration's model: writes the demonstration's data from the model's weights,
# compresses in the database, runs the model, imports what it did and prints the curves; docs/faithfulness.md has them. Needs
# python3-torch and python3-numpy, and the built launcher (./sot demo).
#
#     tests/measure/faithfulness.sh [SEED [WEIGHTS]]
#
# SEED draws the prompts (default 0, as in import/demo); WEIGHTS is a directory of trained weights (default import/demo/weights).
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
seed=${1:-0}
weights=${2:-$root/import/demo/weights}
case $weights in /*) ;; *) weights=$PWD/$weights ;; esac
python=/usr/bin/python3
[ -x "$python" ] || python=python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
lab() { (cd "$root/import/python" && "$python" -m sot_lab "$@" --weights "$weights" --seed "$seed"); }

lab build --out "$work/import"
"$root/sot" run "$root/tests/measure/faithfulness-export.cypher" --import "$work/import" --data "$work/data"
for list in global prompts; do
    lab interventions "$work/import/$list.jsonl" --out "$work/import/$list-results.jsonl" --bundle "$work/import/bundle"
done
"$root/sot" run "$root/tests/measure/faithfulness-import.cypher" --import "$work/import" --data "$work/data"
