"""The demonstration's circuits: pruned attribution graphs in circuit-tracer's JSON."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

import torch

from sot_export.circuit import Node, circuit_document, circuit_nodes
from sot_export.graph import AttributionGraph, Pruning, prune

from . import __version__
from .attribution import attribute
from .dictionaries import Transcoder
from .labels import FeatureLabel
from .model import FIRST_ANSWER, VOCABULARY, AdditionModel, encode_sums

NODE_THRESHOLD = 0.98
LINK_THRESHOLD = 0.98
MAX_LOGITS = 10
DESIRED_PROBABILITY = 0.95

_PLACES = ("thousands", "hundreds", "tens", "ones")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A sum and the place of the digit that the circuit explains."""

    a: int
    b: int
    place: str

    @property
    def slug(self) -> str:
        return f"add-{self.a:03d}-{self.b:03d}-{self.place}"

    @property
    def tokens(self) -> list[int]:
        """The prompt up to the digit before the one explained."""
        ids = encode_sums(torch.tensor([self.a]), torch.tensor([self.b]))[0].tolist()
        return ids[: FIRST_ANSWER + _PLACES.index(self.place)]

    @property
    def answer(self) -> str:
        return f"{self.a + self.b:04d}"[_PLACES.index(self.place)]


TASKS = (
    Task(123, 456, "tens"),  # no carry anywhere
    Task(457, 368, "hundreds"),  # carries out of ones and tens
    Task(999, 1, "thousands"),  # one carry through all places
    Task(505, 495, "ones"),
    Task(270, 630, "hundreds"),
    Task(88, 77, "tens"),
    Task(614, 259, "ones"),
    Task(333, 666, "thousands"),  # these two differ by one, and in every digit of the sum
    Task(333, 667, "thousands"),
    Task(862, 39, "ones"),
)


def circuit_json(
    graph: AttributionGraph,
    pruning: Pruning,
    slug: str,
    scan: str,
    labels: Mapping[tuple[int, int], FeatureLabel],
) -> dict[str, object]:
    """A circuit as circuit-tracer writes it; ``labels`` by (layer, index) become clerps."""
    tokens = [VOCABULARY[t] for t in graph.tokens]
    nodes = circuit_nodes(graph, pruning, tokens, [VOCABULARY[t] for t in graph.logits])
    for i, node in nodes.items():
        if i < graph.first_error:
            node["clerp"] = clerp(graph, i, labels)
    settings = {
        "generation_settings": {
            "max_n_logits": MAX_LOGITS,
            "desired_logit_prob": DESIRED_PROBABILITY,
        }
    }
    return document(graph, pruning, nodes, slug, scan, tokens, NODE_THRESHOLD, settings)


def clerp(
    graph: AttributionGraph, i: int, labels: Mapping[tuple[int, int], FeatureLabel]
) -> str:
    """The label of feature node ``i``, empty for none."""
    layer, _, index = graph.features[i].tolist()
    label = labels.get((layer, index))
    return "" if label is None else label.label


def document(
    graph: AttributionGraph,
    pruning: Pruning,
    nodes: Mapping[int, Node],
    slug: str,
    scan: str,
    prompt_tokens: Sequence[str],
    node_threshold: float,
    settings: Mapping[str, object],
) -> dict[str, object]:
    """A file of the demonstration; ``settings`` are further metadata."""
    return circuit_document(
        graph,
        pruning,
        nodes,
        slug,
        scan,
        "".join(prompt_tokens),
        prompt_tokens,
        node_threshold,
        LINK_THRESHOLD,
        {"name": "sot_lab", "version": __version__},
        settings,
    )


def write_circuits(
    directory: Path,
    model: AdditionModel,
    transcoders: Sequence[Transcoder],
    scan: str,
    labels: Mapping[tuple[int, int], FeatureLabel],
) -> None:
    """One file a task; what each holds goes to the log."""
    directory.mkdir(parents=True, exist_ok=True)
    for task in TASKS:
        graph = attribute(model, transcoders, task.tokens, MAX_LOGITS, DESIRED_PROBABILITY)
        predicted = VOCABULARY[graph.logits[0]]
        if predicted != task.answer:
            raise RuntimeError(f"{task.slug}: the model says {predicted}, not {task.answer}")
        pruning = prune(graph, NODE_THRESHOLD, LINK_THRESHOLD)
        circuit = circuit_json(graph, pruning, task.slug, scan, labels)
        text = json.dumps(circuit, ensure_ascii=False, separators=(",", ":"))
        (directory / f"{task.slug}.json").write_text(text + "\n", encoding="utf-8")
        _log.info(
            "circuit %s: %d nodes (%d features), %d links, replacement %.3f, completeness %.3f",
            task.slug,
            int(pruning.nodes.sum()),
            int(pruning.nodes[: graph.first_error].sum()),
            int(pruning.links.sum()),
            pruning.replacement_score,
            pruning.completeness_score,
        )
