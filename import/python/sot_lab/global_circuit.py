"""A circuit of the whole model rather than of one prompt, in circuit-tracer's JSON.

Its feature nodes are those of :mod:`faithfulness`: the (layer, feature, position) whose activations
vary most. A link's weight is the mean over sampled prompts of the attribution in the prompt's own
graph, zero where one of its ends is not active; each prompt's graph explains one digit of the
answer, the four places in turn. So the circuit has logits at four positions, and the token
embeddings at a position stand for whatever digit is there.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Mapping, Sequence

import torch
from torch import Tensor

from sot_export.circuit import Node, circuit_node, error_id
from sot_export.graph import Pruning, influence_on_output, normalise, share_threshold

from .attribution import AttributionGraph, attribute
from .circuits import DESIRED_PROBABILITY, LINK_THRESHOLD, MAX_LOGITS, clerp, document
from .dictionaries import Transcoder
from .faithfulness import ATTRIBUTED_SUMS, FITTING_SUMS, most_variable_nodes, record
from .labels import FeatureLabel
from .model import FIRST_ANSWER, READ_LENGTH, VOCABULARY, AdditionModel, encode_sums
from .train import sample_sums

SLUG = "add-global"
TEMPLATE = list("^abc+def=ghi")
"""What stands at each position: letters for digits that vary."""
_DIGITS = 10
_CARRY_SHARE = 0.1
_log = logging.getLogger(__name__)


def mean_graph(
    model: AdditionModel, transcoders: Sequence[Transcoder], count: int, prompts: int, seed: int
) -> AttributionGraph:
    """The mean of prompts' attribution graphs over the ``count`` most variable nodes.

    Logit nodes are the ten digits at each position of the answer, in this order, and their
    probabilities means over the prompts.
    """
    fitted = record(model, list(transcoders), FITTING_SUMS, seed + 100, held_out=False)
    chosen = most_variable_nodes(fitted.activations, count)
    nodes = sorted(zip(chosen.layers, chosen.positions, chosen.features))
    features = torch.tensor([[int(value) for value in node] for node in nodes])
    layers, answers = model.layers, READ_LENGTH - FIRST_ANSWER + 1
    graph = AttributionGraph(
        tokens=[VOCABULARY.index(t) if t in VOCABULARY else -1 for t in TEMPLATE],
        layers=layers,
        features=features,
        activations=fitted.activations.mean(0)[features[:, 0], features[:, 1], features[:, 2]],
        logits=[VOCABULARY.index(str(digit)) for digit in range(_DIGITS)] * answers,
        probabilities=torch.zeros(_DIGITS * answers),
        weights=torch.zeros(0),
        values=torch.zeros(0),
        biases=torch.zeros(0),
    )
    size = graph.first_logit + len(graph.logits)
    weights = torch.zeros(size, size, dtype=torch.double)
    generator = torch.Generator().manual_seed(seed + 102)
    sums = encode_sums(*sample_sums(prompts, generator, _CARRY_SHARE, held_out=False)).tolist()
    for number, tokens in enumerate(sums):
        place = number % answers
        own = attribute(
            model, transcoders, tokens[: FIRST_ANSWER + place], MAX_LOGITS, DESIRED_PROBABILITY
        )
        to = _places(own, graph, place)
        kept = to >= 0
        rows = to[kept][:, None].expand(-1, int(kept.sum()))
        weights.index_put_(
            (rows, rows.T), own.weights[kept][:, kept].double() / prompts, accumulate=True
        )
        for logit, probability in zip(to[own.first_logit :].tolist(), own.probabilities):
            if logit >= 0:
                graph.probabilities[logit - graph.first_logit] += probability / prompts
    return AttributionGraph(**{**vars(graph), "weights": weights})


def _places(own: AttributionGraph, graph: AttributionGraph, place: int) -> Tensor:
    """Index in ``graph`` of each node of a prompt's own graph, -1 for none."""
    index = {tuple(node): i for i, node in enumerate(graph.features.tolist())}
    to = [index.get(tuple(node), -1) for node in own.features.tolist()]
    length, full = len(own.tokens), len(graph.tokens)
    for layer in range(graph.layers):
        to += [graph.first_error + layer * full + position for position in range(length)]
    to += [graph.first_embedding + position for position in range(length)]
    to += [
        graph.first_logit + place * _DIGITS + int(VOCABULARY[token])
        if VOCABULARY[token].isdigit()
        else -1
        for token in own.logits
    ]
    return torch.tensor(to)


def circuit_json(
    graph: AttributionGraph, scan: str, labels: Mapping[tuple[int, int], FeatureLabel]
) -> dict[str, object]:
    """The graph with the links that carry the usual share of influence; all features are kept."""
    start = torch.zeros(len(graph.weights), dtype=torch.double)
    start[graph.first_logit :] = graph.probabilities.double()
    normalised = normalise(graph.weights)
    influence = influence_on_output(normalised, start)
    scores = normalised * (influence + start)[:, None]
    links = scores >= share_threshold(scores, LINK_THRESHOLD)
    kept = links.any(0) | links.any(1)
    kept[: graph.first_error] = True
    order = influence.argsort(descending=True)
    cumulative = torch.empty_like(influence)
    cumulative[order] = influence[order].cumsum(0) / influence.sum()
    errors = slice(graph.first_error, graph.first_embedding)
    tokens = influence[graph.first_embedding : graph.first_logit].sum()
    explained = 1 - normalised[:, errors].sum(1)
    pruning = Pruning(
        nodes=kept,
        links=links,
        cumulative_influence=cumulative,
        replacement_score=(tokens / (tokens + influence[errors].sum())).item(),
        completeness_score=(
            (explained * (influence + start)).sum() / (influence + start).sum()
        ).item(),
    )
    nodes = {i: _described(graph, pruning, i, labels) for i in kept.nonzero().flatten().tolist()}
    return document(graph, pruning, nodes, SLUG, scan, TEMPLATE, 1.0, {})


def _described(
    graph: AttributionGraph,
    pruning: Pruning,
    i: int,
    labels: Mapping[tuple[int, int], FeatureLabel],
) -> Node:
    node = circuit_node(graph, pruning, i, TEMPLATE, [VOCABULARY[t] for t in graph.logits])
    if i < graph.first_error:
        node["clerp"] = clerp(graph, i, labels)
    elif i < graph.first_embedding:
        # Told apart from features, as the circuits of single prompts do where ids are equal.
        node["node_id"] = error_id(node)
    elif i < graph.first_logit:
        position = i - graph.first_embedding
        node["node_id"], node["jsNodeId"] = f"E_{position}_{position}", f"E_{position}-{position}"
    else:
        place, digit = divmod(i - graph.first_logit, _DIGITS)
        position, number = FIRST_ANSWER - 1 + place, node["feature"]
        node["ctx_idx"] = position
        node["node_id"] = f"{graph.layers + 1}_{number}_{position}"
        node["jsNodeId"] = f"L_{number}-{position}"
        node["clerp"] = f'Output "{digit}" after "{TEMPLATE[position]}"'
    return node


def write_global_circuit(
    path: Path,
    model: AdditionModel,
    transcoders: Sequence[Transcoder],
    scan: str,
    labels: Mapping[tuple[int, int], FeatureLabel],
    count: int,
    seed: int,
) -> None:
    """Write the circuit of the ``count`` most variable nodes; what it holds goes to the log."""
    circuit = circuit_json(mean_graph(model, transcoders, count, ATTRIBUTED_SUMS, seed), scan, labels)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(circuit, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    _log.info(
        "%s: %d nodes (%d features), %d links, %.1f MB",
        path,
        len(circuit["nodes"]),
        count,
        len(circuit["links"]),
        path.stat().st_size / 1e6,
    )
