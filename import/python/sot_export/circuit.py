"""Circuits in the JSON that circuit-tracer writes for its viewer."""

from __future__ import annotations

from typing import Mapping, MutableMapping, Sequence

from .graph import AttributionGraph, Pruning

Node = MutableMapping[str, object]


def circuit_nodes(
    graph: AttributionGraph,
    pruning: Pruning,
    token_texts: Sequence[str],
    logit_texts: Sequence[str],
) -> dict[int, Node]:
    """The nodes that are kept, by their number in the graph.

    One deviation: where an error node's id would equal a feature's (circuit-tracer's
    ``0_{layer}_{position}`` is also feature ``layer`` of layer 0), it is written with the prefix
    ``ERR_``, so that every id in the file names one node.
    """
    kept = pruning.nodes.nonzero().flatten().tolist()
    nodes = {i: circuit_node(graph, pruning, i, token_texts, logit_texts) for i in kept}
    feature_ids = {node["node_id"] for i, node in nodes.items() if i < graph.first_error}
    for i, node in nodes.items():
        if graph.first_error <= i < graph.first_embedding and node["node_id"] in feature_ids:
            node["node_id"] = error_id(node)
    return nodes


def error_id(node: Node) -> str:
    """An error node's id that no feature has."""
    return "ERR_" + str(node["node_id"]).removeprefix("0_")


def circuit_node(
    graph: AttributionGraph,
    pruning: Pruning,
    i: int,
    token_texts: Sequence[str],
    logit_texts: Sequence[str],
) -> Node:
    """Node ``i`` of the graph; features have no label yet."""
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
        clerp = ""
    elif i < graph.first_embedding:
        layer, position = divmod(i - graph.first_error, length)
        kind, shown_layer, number = "mlp reconstruction error", str(layer), -1
        node_id, js_id, clerp = f"0_{layer}_{position}", f"{layer}_{position}-0", ""
    elif i < graph.first_logit:
        position = number = i - graph.first_embedding
        token = graph.tokens[position]
        kind, shown_layer = "embedding", "E"
        node_id, js_id = f"E_{token}_{position}", f"E_{token}-{position}"
        clerp = f'Emb: "{token_texts[position]}"'
    else:
        rank, position = i - graph.first_logit, length - 1
        number = graph.logits[rank]
        probability = rounded(graph.probabilities[rank].item())
        kind, shown_layer, influence = "logit", str(graph.layers + 1), None
        node_id, js_id = f"{graph.layers + 1}_{number}_{position}", f"L_{number}-{position}"
        clerp = f'Output "{logit_texts[rank]}" (p={probability:.3f})'
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


def circuit_document(
    graph: AttributionGraph,
    pruning: Pruning,
    nodes: Mapping[int, Node],
    slug: str,
    scan: str,
    prompt: str,
    prompt_tokens: Sequence[str],
    node_threshold: float,
    link_threshold: float,
    generator: Mapping[str, object],
    settings: Mapping[str, object] = {},
    transcoder_list: Sequence[str] = (),
) -> dict[str, object]:
    """The whole file: ``nodes`` (by their number in the graph) and the links that are kept.

    ``settings`` are further metadata.
    """
    return {
        "metadata": {
            "slug": slug,
            "scan": scan,
            "transcoder_list": list(transcoder_list),
            "prompt_tokens": list(prompt_tokens),
            "prompt": prompt,
            "node_threshold": node_threshold,
            "schema_version": 1,
            "info": {"generator": dict(generator)},
            **settings,
            "pruning_settings": {
                "node_threshold": node_threshold,
                "edge_threshold": link_threshold,
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


def rounded(value: float) -> float:
    """Seven significant digits: all that 32-bit arithmetic gives."""
    return float(f"{value:.7g}")
