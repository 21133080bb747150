"""The demonstration's circuits: pruned attribution graphs in circuit-tracer's JSON."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

import torch

from . import __version__
from .attribution import AttributionGraph, Pruning, attribute, prune
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
    """A circuit as circuit-tracer writes it; ``labels`` by (layer, index) become clerps.

    One deviation: where an error node's id would equal a feature's (circuit-tracer's
    ``0_{layer}_{position}`` is also feature ``layer`` of layer 0), it is written with the prefix
    ``ERR_``, so that every id in the file names one node.
    """
    kept = pruning.nodes.nonzero().flatten().tolist()
    nodes = {i: node_json(graph, pruning, i, labels) for i in kept}
    feature_ids = {node["node_id"] for i, node in nodes.items() if i < graph.first_error}
    for i, node in nodes.items():
        if graph.first_error <= i < graph.first_embedding and node["node_id"] in feature_ids:
            node["node_id"] = "ERR_" + str(node["node_id"]).removeprefix("0_")
    return document(
        graph,
        pruning,
        nodes,
        slug,
        scan,
        [VOCABULARY[t] for t in graph.tokens],
        NODE_THRESHOLD,
        {
            "generation_settings": {
                "max_n_logits": MAX_LOGITS,
                "desired_logit_prob": DESIRED_PROBABILITY,
            }
        },
    )


def document(
    graph: AttributionGraph,
    pruning: Pruning,
    nodes: Mapping[int, dict[str, object]],
    slug: str,
    scan: str,
    prompt_tokens: Sequence[str],
    node_threshold: float,
    settings: Mapping[str, object],
) -> dict[str, object]:
    """What surrounds ``nodes`` (by their number in the graph) in a file, and the links kept.

    ``settings`` are further metadata.
    """
    return {
        "metadata": {
            "slug": slug,
            "scan": scan,
            "transcoder_list": [],
            "prompt_tokens": list(prompt_tokens),
            "prompt": "".join(prompt_tokens),
            "node_threshold": node_threshold,
            "schema_version": 1,
            "info": {"generator": {"name": "sot_lab", "version": __version__}},
            **settings,
            "pruning_settings": {
                "node_threshold": node_threshold,
                "edge_threshold": LINK_THRESHOLD,
            },
            "replacement_score": rounded(pruning.replacement_score),
            "completeness_score": rounded(pruning.completeness_score),
        },
        "qParams": {
            "pinnedIds": [],
            "supernodes": [],
            "linkType": "both",
            "clickedId": "",
            "sg_pos": "",
        },
        "nodes": list(nodes.values()),
        "links": [
            {
                "source": nodes[source]["node_id"],
                "target": nodes[target]["node_id"],
                "weight": rounded(graph.weights[target, source].item()),
            }
            for target, source in pruning.links.nonzero().tolist()
        ],
    }


def node_json(
    graph: AttributionGraph,
    pruning: Pruning,
    i: int,
    labels: Mapping[tuple[int, int], FeatureLabel],
) -> dict[str, object]:
    length = len(graph.tokens)
    influence: float | None = rounded(pruning.cumulative_influence[i].item())
    activation: float | None = None
    probability = 0.0
    if i < graph.first_error:
        layer, position, index = graph.features[i].tolist()
        kind, shown_layer = "cross layer transcoder", str(layer)
        node_id, js_id = f"{layer}_{index}_{position}", f"{layer}_{index}-0"
        # Cantor's pairing of layer and index.
        number = (layer + index) * (layer + index + 1) // 2 + index
        activation = rounded(graph.activations[i].item())
        label = labels.get((layer, index))
        clerp = "" if label is None else label.label
    elif i < graph.first_embedding:
        layer, position = divmod(i - graph.first_error, length)
        kind, shown_layer, number = "mlp reconstruction error", str(layer), -1
        node_id, js_id, clerp = f"0_{layer}_{position}", f"{layer}_{position}-0", ""
    elif i < graph.first_logit:
        position = number = i - graph.first_embedding
        token = graph.tokens[position]
        kind, shown_layer = "embedding", "E"
        node_id, js_id = f"E_{token}_{position}", f"E_{token}-{position}"
        clerp = f'Emb: "{VOCABULARY[token]}"'
    else:
        rank, position = i - graph.first_logit, length - 1
        number = graph.logits[rank]
        probability = rounded(graph.probabilities[rank].item())
        kind, shown_layer, influence = "logit", str(graph.layers + 1), None
        node_id, js_id = f"{graph.layers + 1}_{number}_{position}", f"L_{number}-{position}"
        clerp = f'Output "{VOCABULARY[number]}" (p={probability:.3f})'
    return {
        "node_id": node_id,
        "feature": number,
        "layer": shown_layer,
        "ctx_idx": position,
        "feature_type": kind,
        "token_prob": probability,
        "is_target_logit": i == graph.first_logit,
        "run_idx": 0,
        "reverse_ctx_idx": 0,
        "jsNodeId": js_id,
        "clerp": clerp,
        "influence": influence,
        "activation": activation,
    }


def rounded(value: float) -> float:
    """Seven significant digits: all that 32-bit arithmetic gives."""
    return float(f"{value:.7g}")


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
