"""Runs the intervention lists that SOT for Neo4j exports on the addition model.

Read are ``sot-interventions/1`` files, written ``sot-intervention-results/1``; both are documented
in docs/reference/interventions.md. What an intervention does to the model is what
:mod:`faithfulness` does: the MLPs' outputs are replaced by what the transcoders write, without an
error term, and the circuit's nodes get other activations. Measured is what the model predicts,
after the positions where the circuit has logits, of sums that it was never trained on.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sot_export import safetensors_io

from . import __version__
from .bundle import DICTIONARY_NAME, MODEL_NAME
from .dictionaries import Transcoder
from .faithfulness import FITTING_SUMS, Nodes, Recording, Replacement, mean_pattern, record
from .model import FIRST_ANSWER, READ_LENGTH, AdditionModel

LIST_FORMAT = "sot-interventions/1"
RESULTS_FORMAT = "sot-intervention-results/1"
_KINDS = {"average", "ablate"}
_OTHERS = {"mean", "actual"}
_log = logging.getLogger(__name__)

Member = tuple[int, int, int]
"""Layer, feature and position."""


@dataclass(frozen=True)
class Partition:
    """One compression of a list."""

    compression: str
    hash: str
    dictionary: str
    readout: list[int]
    """Positions after which the circuit predicts."""
    groups: dict[str, list[Member]]
    """Members of each supernode, by its key."""

    @property
    def members(self) -> list[Member]:
        """All members, sorted."""
        return sorted(member for group in self.groups.values() for member in group)

    def computed_hash(self) -> str:
        lines = [self.dictionary]
        for key, members in self.groups.items():
            lines.append("\t".join([key, *("/".join(map(str, member)) for member in members)]))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class InterventionList:
    kinds: set[str]
    others: str
    """What features that are no nodes have: mean or actual."""
    partitions: list[Partition]


def read_list(path: Path) -> InterventionList:
    """The interventions in a file; exits with what is wrong if the model cannot be run with it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        header, *rows = [json.loads(line) for line in lines]
        if header["format"] != LIST_FORMAT:
            raise ValueError(f"its format is {header['format']!r}, not {LIST_FORMAT!r}")
        if len(rows) != header["compressions"]:
            raise ValueError(
                f"it says it has {header['compressions']} compressions, but {len(rows)} follow; "
                "it was cut off"
            )
        if not set(header["kinds"]) <= _KINDS or header["others"] not in _OTHERS:
            raise ValueError(f"kinds {header['kinds']} or others {header['others']!r} are unknown")
        partitions = [_partition(row) for row in rows]
    except (ValueError, KeyError, TypeError) as wrong:
        raise SystemExit(f"{path}: no list of interventions: {wrong!r}") from None
    for partition in partitions:
        _check(path, partition)
    return InterventionList(set(header["kinds"]), header["others"], partitions)


def _partition(row: dict) -> Partition:
    return Partition(
        row["compression"],
        row["partition"],
        row["dictionary"],
        row["readout"],
        {
            group["supernode"]: [(layer, feature, p) for layer, feature, p in group["members"]]
            for group in row["supernodes"]
        },
    )


def _check(path: Path, partition: Partition) -> None:
    name = f"{path}: compression {partition.compression!r}"
    if partition.dictionary != DICTIONARY_NAME:
        raise SystemExit(
            f"{name}: its features are of the dictionary {partition.dictionary!r}; this model's "
            f"is {DICTIONARY_NAME!r}"
        )
    if partition.computed_hash() != partition.hash:
        raise SystemExit(f"{name}: its supernodes do not have the hash it says; export it again")
    members = partition.members
    if len(set(members)) != len(members):
        raise SystemExit(f"{name}: a feature at one position is in it twice")
    answers = range(FIRST_ANSWER - 1, READ_LENGTH)
    if not partition.readout or not set(partition.readout) <= set(answers):
        raise SystemExit(
            f"{name}: it predicts after the positions {partition.readout}; the answer's are "
            f"{list(answers)}"
        )


@dataclass(frozen=True)
class Prediction:
    """What the model predicts under one intervention, means over sums and read positions."""

    digitAccuracy: float
    """Share of digits right."""
    exactAccuracy: float
    """Share of sums with all of them right."""
    answerLogit: float
    """Logit of the right digit above the mean logit."""
    answerProbability: float

    def measures(self) -> dict[str, float]:
        return dict(vars(self))

    def change_from(self, reference: Prediction) -> dict[str, float]:
        return {
            f"{name}Change": value - getattr(reference, name)
            for name, value in vars(self).items()
        }


class _Circuit:
    """A circuit's nodes in the model."""

    def __init__(
        self,
        model: AdditionModel,
        transcoders: list[Transcoder],
        members: list[Member],
        readout: list[int],
        others: str,
        fitted: Recording,
        unseen: Recording,
    ) -> None:
        bounds = (len(transcoders), fitted.activations.shape[-1], READ_LENGTH)
        for member in members:
            if not all(0 <= value < bound for value, bound in zip(member, bounds)):
                raise SystemExit(f"the model has no feature {member}; there are {bounds}")
        layers, features, positions = np.array(members).reshape(-1, 3).T
        seen = fitted.activations.mean(0)[layers, positions, features].numpy() > 0
        seen &= positions > 0
        if not seen.any():
            raise SystemExit("none of the circuit's nodes is ever active")
        self.silent = int((~seen).sum())
        """Nodes that are never active on the fitting prompts: they have no pattern."""
        kept = np.flatnonzero(seen)
        nodes = Nodes(layers[kept], positions[kept], features[kept])
        self._index = {members[node]: i for i, node in enumerate(kept)}
        self._replacement = Replacement(model, transcoders, nodes, fitted, unseen, others)
        self._readout = torch.tensor(readout)
        self._answers = unseen.tokens[:, self._readout + 1]
        self.own = self._replacement.activations
        self.means = np.broadcast_to(self._replacement.means, self.own.shape)

    def indices(self, members: list[Member]) -> list[int]:
        return [self._index[member] for member in members if member in self._index]

    def averaged(self, partition: Partition) -> np.ndarray:
        groups = np.empty(self.own.shape[1], dtype=np.int64)
        for number, members in enumerate(partition.groups.values()):
            groups[self.indices(members)] = number
        return mean_pattern(self.own, self._replacement.means, groups)

    def predict(self, activations: np.ndarray) -> Prediction:
        logits = self._replacement.logits(np.ascontiguousarray(activations))[:, self._readout]
        right = logits.argmax(-1) == self._answers
        answer = self._answers[..., None]
        above_mean = logits.gather(-1, answer)[..., 0] - logits.mean(-1)
        probability = logits.softmax(-1).gather(-1, answer)
        return Prediction(
            right.float().mean().item(),
            right.all(1).float().mean().item(),
            above_mean.mean().item(),
            probability.mean().item(),
        )


def _results(
    interventions: InterventionList,
    model: AdditionModel,
    transcoders: list[Transcoder],
    fitted: Recording,
    unseen: Recording,
) -> Iterator[dict[str, object]]:
    known = None
    for partition in interventions.partitions:
        members, readout = partition.members, partition.readout
        if known != (members, readout):
            known = (members, readout)
            circuit = _Circuit(
                model, transcoders, members, readout, interventions.others, fitted, unseen
            )
            if circuit.silent:
                _log.info(
                    "%s: %d of %d nodes are not active on any fitting prompt and stay as they are",
                    partition.compression,
                    circuit.silent,
                    len(members),
                )
            own, means = circuit.predict(circuit.own), circuit.predict(circuit.means)
        started = time.monotonic()

        def result(kind: str, measures: dict[str, float], **further: str) -> dict[str, object]:
            return {
                "compression": partition.compression,
                "partition": partition.hash,
                "kind": kind,
                **further,
                "measures": {name: round(value, 9) for name, value in measures.items()},
            }

        yield result("uncompressed", own.measures())
        yield result("allMeans", means.measures())
        if "average" in interventions.kinds:
            averaged = circuit.predict(circuit.averaged(partition))
            measures = averaged.measures()
            gap = own.digitAccuracy - means.digitAccuracy
            if gap > 0:
                measures["faithfulness"] = (averaged.digitAccuracy - means.digitAccuracy) / gap
            _log.info(
                "%s: %d supernodes, digits right %.3f, %.1f s",
                partition.compression,
                len(partition.groups),
                averaged.digitAccuracy,
                time.monotonic() - started,
            )
            yield result("average", measures)
        if "ablate" in interventions.kinds:
            for key, group in partition.groups.items():
                ablated = circuit.own.copy()
                here = circuit.indices(group)
                ablated[:, here] = circuit.means[:, here]
                yield result("ablate", circuit.predict(ablated).change_from(own), supernode=key)


def require_same_weights(bundle: Path, transcoders: list[Transcoder]) -> None:
    """Refuse to run transcoders that are not those of an activation bundle.

    Training gives other weights on another processor; interventions on features of the one would
    be carried out on unrelated features of the other.

    :param bundle: directory of the bundle from which the compressions were made
    :raises ValueError: naming the first layer whose biases differ, with the remedy
    """
    for layer, transcoder in enumerate(transcoders):
        path = bundle / "dictionaries" / DICTIONARY_NAME / f"layer_{layer}.safetensors"
        tensors, _ = safetensors_io.load(path)
        for name, bias in (("b_enc", transcoder.b_enc), ("b_dec", transcoder.b_dec)):
            if not np.array_equal(tensors[name], bias.numpy()):
                raise ValueError(
                    f"{path}: {name} is not that of the trained transcoder of layer {layer}; "
                    "training gives other weights on another processor. Write bundle and circuits "
                    "from your weights with python3 -m sot_lab build, and import those"
                )


def run_interventions(
    path: Path,
    out: Path,
    model: AdditionModel,
    transcoders: list[Transcoder],
    prompts: int,
    seed: int,
) -> None:
    """Run the interventions of a file and write what the model did to another."""
    interventions = read_list(path)
    fitted = record(model, transcoders, FITTING_SUMS, seed + 100, held_out=False)
    unseen = record(model, transcoders, prompts, seed + 101, held_out=True)
    results = list(_results(interventions, model, transcoders, fitted, unseen))
    header = {
        "format": RESULTS_FORMAT,
        "tool": f"sot_lab {__version__}",
        "model": MODEL_NAME,
        "prompts": prompts,
        "promptSet": f"sums never trained on, seed {seed + 101}",
        "others": interventions.others,
        "results": len(results),
    }
    temporary = out.with_name(f".{out.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        for row in (header, *results):
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    temporary.replace(out)
    _log.info("%s: %d results on %d sums", out, len(results), prompts)
