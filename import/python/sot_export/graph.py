"""Attribution graphs, and their pruning by circuit-tracer's arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

_MOST_STEPS = 1000


@dataclass(frozen=True)
class AttributionGraph:
    """The unpruned graph of one prompt.

    Nodes, in the order of the rows and columns of ``weights``: active features, errors by (layer,
    position), embeddings by position, logits.
    """

    tokens: list[int]
    layers: int
    features: Tensor
    """[n, 3]: layer, position, index of each active feature."""
    activations: Tensor
    logits: list[int]
    """Vocabulary ids of the logit nodes."""
    probabilities: Tensor
    weights: Tensor
    """A, [nodes, nodes]: row = target, column = source."""

    @property
    def first_error(self) -> int:
        return len(self.features)

    @property
    def first_embedding(self) -> int:
        return self.first_error + self.layers * len(self.tokens)

    @property
    def first_logit(self) -> int:
        return self.first_embedding + len(self.tokens)


@dataclass(frozen=True)
class Pruning:
    """What is kept of a graph, and how well the unpruned graph explains the output."""

    nodes: Tensor
    """[nodes] bool."""
    links: Tensor
    """[nodes, nodes] bool: row = target, column = source."""
    cumulative_influence: Tensor
    """[nodes]: share of all influence held by this node and those of more influence."""
    replacement_score: float
    completeness_score: float


def normalise(weights: Tensor) -> Tensor:
    magnitude = weights.abs()
    return magnitude.div_(magnitude.sum(1, keepdim=True).clamp(min=1e-10))


def influence_on_output(normalised: Tensor, start: Tensor) -> Tensor:
    """sum_{k >= 1} start N^k; ends because the graph has no cycles."""
    total = torch.zeros_like(start)
    step = start @ normalised
    for _ in range(_MOST_STEPS):
        if not step.any():
            return total
        total += step
        step = step @ normalised
    raise ValueError(f"influence does not end after {_MOST_STEPS} steps: the graph has a cycle")


def share_threshold(scores: Tensor, share: float) -> Tensor:
    """The smallest of the largest scores that together reach ``share`` of their sum.

    Never zero, so that what has no score is not kept.
    """
    ordered = scores[scores > 0].sort(descending=True).values
    if len(ordered) == 0:
        return torch.tensor(torch.inf, dtype=scores.dtype)
    reached = ordered.cumsum(0) / ordered.sum()
    wanted = torch.tensor(share, dtype=scores.dtype)
    return ordered[min(int(torch.searchsorted(reached, wanted)), len(ordered) - 1)]


def prune(graph: AttributionGraph, node_threshold: float, link_threshold: float) -> Pruning:
    """Keep the nodes, then the links, that carry the given shares of influence on the output.

    Computes in F64 and holds about four matrices of that at a time.
    """
    weights = graph.weights.double()
    if not torch.isfinite(weights).all():
        raise ValueError("a link's weight is not finite")
    start = torch.zeros(len(weights), dtype=torch.double)
    start[graph.first_logit :] = graph.probabilities.double()
    normalised = normalise(weights)
    influence = influence_on_output(normalised, start)
    errors = slice(graph.first_error, graph.first_embedding)
    explained = 1 - normalised[:, errors].sum(1)
    del normalised

    nodes = influence >= share_threshold(influence, node_threshold)
    nodes[graph.first_embedding :] = True
    scores = normalise(weights * nodes[:, None] * nodes)
    scores *= (influence_on_output(scores, start) + start)[:, None]
    links = scores >= share_threshold(scores, link_threshold)
    before = -1
    while before != int(nodes.sum()):
        before = int(nodes.sum())
        links &= nodes[:, None] & nodes
        nodes[: graph.first_embedding] &= links.any(0)[: graph.first_embedding]
        nodes[: graph.first_error] &= links.any(1)[: graph.first_error]
    links &= nodes[:, None] & nodes

    order = influence.argsort(descending=True)
    cumulative = torch.empty_like(influence)
    cumulative[order] = influence[order].cumsum(0) / influence.sum()
    from_tokens = influence[graph.first_embedding : graph.first_logit].sum()
    return Pruning(
        nodes=nodes,
        links=links,
        cumulative_influence=cumulative,
        replacement_score=(from_tokens / (from_tokens + influence[errors].sum())).item(),
        completeness_score=(
            (explained * (influence + start)).sum() / (influence + start).sum()
        ).item(),
    )
