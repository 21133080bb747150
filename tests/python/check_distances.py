#!/usr/bin/env python3
"""Checks Wasserstein distances that the database reports against independent solvers.

Reads one JSON object a line, one line a pair:

    {"f": key, "g": key, "order": 1 | 2, "distance": x,
     "positionsF": [...], "weightsF": [...], "positionsG": [...], "weightsG": [...]}

Fits the reference space again, as `sot.space.fit({method: 'aligned'})` does, from the bundle's
states (singular value decomposition in double precision, centred, whitened by the standard deviations with divisor n - 1), computes each
distance as a linear programme with HiGHS (scipy) and, where it is installed, with POT, and exits
with 1 when any differs by more than the tolerance. Needs numpy and scipy:

    /usr/bin/python3 check_distances.py --bundle DIR --layer 3 --dimension 64 pairs.jsonl
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

try:
    import ot
except ImportError:
    ot = None

SINK_FACTOR = 10
"""A position is left out when its norm is more than this many times the median."""


def read_states(bundle: Path, manifest: dict, layer: int) -> np.ndarray:
    """The residual-stream states of a layer, [positions, size], in double precision."""
    entry = next((s for s in manifest["states"] if s["layer"] == layer), None)
    if entry is None:
        there = ", ".join(str(s["layer"]) for s in manifest["states"])
        raise SystemExit(f"{bundle}: no states of layer {layer}; there are those of {there}")
    files = entry["file"] if isinstance(entry["file"], list) else [entry["file"]]
    return np.concatenate([read_tensor(bundle / file, "states") for file in files])


def read_tensor(path: Path, name: str) -> np.ndarray:
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    entry = json.loads(raw[8 : 8 + length])[name]
    begin, end = (8 + length + offset for offset in entry["data_offsets"])
    data = raw[begin:end]
    if entry["dtype"] == "BF16":
        # The upper half of a 32-bit float.
        values = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    else:
        values = np.frombuffer(data, {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
    return values.astype(np.float64).reshape(entry["shape"])


def excluded_positions(bundle: Path, manifest: dict, states: np.ndarray) -> np.ndarray:
    """Which positions are sinks: first tokens where the bundle says so, and very long states."""
    excluded = np.zeros(len(states), dtype=bool)
    if manifest["firstTokenIsSink"]:
        with (bundle / manifest["positionsFile"]).open(encoding="utf-8") as lines:
            excluded |= np.array([json.loads(line)["position"] == 0 for line in lines])
    norms = np.linalg.norm(states, axis=1)
    return excluded | (norms > SINK_FACTOR * np.median(norms))


def reference_points(states: np.ndarray, fitted: np.ndarray, dimension: int) -> np.ndarray:
    """All positions in the whitened space of the ``dimension`` leading components."""
    mean = states[fitted].mean(axis=0)
    _, singular, directions = np.linalg.svd(states[fitted] - mean, full_matrices=False)
    deviation = singular[:dimension] / np.sqrt(fitted.sum() - 1)
    return (states - mean) @ directions[:dimension].T / deviation


def linear_programme(cost: np.ndarray, source: np.ndarray, target: np.ndarray) -> float:
    """The least cost of moving ``source`` onto ``target``, by HiGHS."""
    rows, columns = cost.shape
    leaves = sparse.kron(sparse.identity(rows), np.ones((1, columns)))
    arrives = sparse.kron(np.ones((1, rows)), sparse.identity(columns))
    result = linprog(
        cost.ravel(),
        A_eq=sparse.vstack((leaves, arrives), format="csr"),
        b_eq=np.concatenate((source, target)),
        bounds=(0, None),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.status != 0:
        raise RuntimeError(f"HiGHS: {result.message}")
    return result.fun


def solvers() -> dict:
    found = {"HiGHS": linear_programme}
    if ot is not None:
        found["POT"] = lambda cost, source, target: ot.emd2(source, target, cost, numItermax=10**7)
    return found


def check_pair(row: dict, points: np.ndarray, excluded: np.ndarray) -> dict[str, float]:
    """Relative difference of the row's distance from that of each solver."""
    sides = []
    for side in "FG":
        positions = np.array(row["positions" + side], dtype=int)
        weights = np.array(row["weights" + side], dtype=float)
        if excluded[positions].any():
            raise ValueError(f"position {positions[excluded[positions]][0]} is an attention sink")
        if abs(weights.sum() - 1) > 1e-5:
            raise ValueError(f"weights{side} add up to {weights.sum()}, not 1")
        sides.append((points[positions], weights / weights.sum()))
    (x, source), (y, target) = sides
    ground = np.sqrt(np.square(x[:, None, :] - y[None, :, :]).sum(axis=2))
    order = row["order"]
    if order not in (1, 2):
        raise ValueError(f"order is {order}; allowed: 1, 2")
    differences = {}
    for name, solve in solvers().items():
        expected = max(0.0, solve(ground**order, source, target)) ** (1 / order)
        # Distances of zero have no relative error: measure those against the ground cost.
        scale = max(expected, 1e-3 * ground.mean(), np.finfo(float).tiny)
        difference = abs(row["distance"] - expected) / scale
        differences[name] = difference if np.isfinite(difference) else np.inf
    return differences


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path, help="JSONL file, one pair a line")
    parser.add_argument("--bundle", type=Path, required=True, help="activation bundle directory")
    parser.add_argument("--layer", type=int, required=True, help="reference layer")
    parser.add_argument("--dimension", type=int, required=True, help="of the reference space")
    parser.add_argument("--tolerance", type=float, default=1e-6, help="relative (%(default)s)")
    arguments = parser.parse_args()

    manifest = json.loads((arguments.bundle / "manifest.json").read_text(encoding="utf-8"))
    states = read_states(arguments.bundle, manifest, arguments.layer)
    excluded = excluded_positions(arguments.bundle, manifest, states)
    points = reference_points(states, ~excluded, arguments.dimension)

    pairs = 0
    largest = {name: (0.0, "") for name in solvers()}
    with arguments.pairs.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            try:
                differences = check_pair(row, points, excluded)
            except (ValueError, KeyError, IndexError) as error:
                reason = f"{type(error).__name__}: {error}"
                raise SystemExit(f"{arguments.pairs}, line {number}: {reason}") from error
            pair = f"W{row['order']}({row['f']}, {row['g']})"
            for name, difference in differences.items():
                largest[name] = max(largest[name], (difference, pair))
            pairs += 1
    if pairs == 0:
        raise SystemExit(f"{arguments.pairs}: no pairs")
    print(f"{pairs} pairs, {len(states)} positions, {excluded.sum()} of them excluded")
    for name, (difference, pair) in largest.items():
        print(f"{name}: largest relative difference {difference:.2e} {pair}".rstrip())
    if any(difference > arguments.tolerance for difference, _ in largest.values()):
        print(f"beyond the tolerance of {arguments.tolerance:g}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
