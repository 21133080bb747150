"""Attribution graphs of single prompts.

With attention patterns and norm denominators held at their values on the prompt, the model is an
affine map of its embeddings and MLP outputs, and each MLP output is a sum of active transcoder
features, a constant and an error. The value of every active feature before its ReLU, and of every
logit above the mean logit, is then a sum of one term a source node and a constant:

    value(t) = sum_s A[t, s] + bias(t),    A[t, s] = (d value(t) / d output(s)) . output(s).

Method: Ameisen et al., "Circuit Tracing: Revealing Computational Graphs in Language Models"
(2025).

At the first position, whose token never changes, MLP outputs are constants and belong to the
bias: they say nothing about the prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import torch
from torch import Tensor

from sot_export import graph

from .dictionaries import Transcoder
from .model import AdditionModel, Capture

_BATCH = 256


@dataclass(frozen=True)
class AttributionGraph(graph.AttributionGraph):
    """The unpruned graph of one prompt.

    Features are sorted by (layer, position, index), logits by probability.
    """

    values: Tensor
    """[nodes]: value(t) as the model computes it; zero for errors and embeddings."""
    biases: Tensor


class _FrozenPrompt:
    """The values of feature and logit nodes as an affine function of the sources."""

    def __init__(
        self,
        model: AdditionModel,
        transcoders: Sequence[Transcoder],
        capture: Capture,
        features: Tensor,
        logits: Tensor,
    ) -> None:
        self._model, self._capture, self._logits = model, capture, logits
        self._layer, self._position, index = features.T
        self._w_enc = torch.stack([t.w_enc for t in transcoders])[self._layer, index]
        self._b_enc = torch.stack([t.b_enc for t in transcoders])[self._layer, index]

    def values(self, targets: Tensor, embeddings: Tensor, mlp_outputs: list[Tensor]) -> Tensor:
        """Value of each target, each on a copy of the prompt; they count features, then logits."""
        mlp_inputs, logits = self._model.forward_frozen(embeddings, mlp_outputs, self._capture)
        copies = torch.arange(len(targets))
        is_feature = targets < len(self._layer)
        feature = targets[is_feature]
        read = torch.stack(mlp_inputs)[
            self._layer[feature], copies[is_feature], self._position[feature]
        ]
        drives = (read * self._w_enc[feature]).sum(1) + self._b_enc[feature]
        logit = self._logits[targets[~is_feature] - len(self._layer)]
        last = logits[copies[~is_feature], -1]
        above_mean = last.gather(1, logit[:, None])[:, 0] - last.mean(1)
        return torch.cat((drives, above_mean))


def attribute(
    model: AdditionModel,
    transcoders: Sequence[Transcoder],
    tokens: list[int],
    max_logits: int = 10,
    desired_probability: float = 0.95,
) -> AttributionGraph:
    """The attribution graph of the token that follows ``tokens``.

    Logit nodes are the most probable tokens, as few as reach ``desired_probability``, at most
    ``max_logits``. One forward and backward pass a feature and logit node, in batches.
    """
    ids = torch.tensor([tokens])
    length, layers = len(tokens), model.layers
    capture = Capture()
    with torch.no_grad():
        probability, order = model(ids, capture)[0, -1].softmax(-1).sort(descending=True)
    below = int((probability.cumsum(0) < desired_probability).sum())
    count = min(max_logits, below + 1)
    logits, probability = order[:count], probability[:count]

    codes = torch.stack([t.encode(x[0]) for t, x in zip(transcoders, capture.mlp_inputs)])
    codes[:, 0] = 0
    features = codes.nonzero()
    layer, position, index = features.T
    decoders = torch.stack([t.w_dec for t in transcoders])
    written = codes[layer, position, index][:, None] * decoders[layer, index]
    mlp_outputs = torch.cat(capture.mlp_outputs)
    constants = torch.stack([t.b_dec.expand(length, -1) for t in transcoders])
    constants[:, 0] = mlp_outputs[:, 0]
    errors = mlp_outputs - constants - torch.einsum("lpf,lfd->lpd", codes, decoders)
    embeddings = model.embed(ids)[0]

    frozen = _FrozenPrompt(model, transcoders, capture, features, logits)
    rows, values, biases = [], [], []
    for targets in torch.arange(len(features) + count).split(_BATCH):
        # A copy of the prompt for each target: one backward pass gives all their rows.
        copies = len(targets)
        sources = [
            source.repeat(copies, 1, 1).requires_grad_(True)
            for source in (embeddings, *mlp_outputs)
        ]
        value = frozen.values(targets, sources[0], sources[1:])
        gradients = torch.autograd.grad(value.sum(), sources, allow_unused=True)
        to_embedding, *to_mlp = (
            torch.zeros_like(source) if gradient is None else gradient
            for source, gradient in zip(sources, gradients)
        )
        to_mlps = torch.stack(to_mlp)
        rows.append(
            torch.cat(
                (
                    torch.einsum("nbd,nd->bn", to_mlps[layer, :, position], written),
                    torch.einsum("lbpd,lpd->blp", to_mlps, errors).flatten(1),
                    torch.einsum("bpd,pd->bp", to_embedding, embeddings),
                    torch.zeros(copies, count),
                ),
                dim=1,
            )
        )
        values.append(value.detach())
        silent = [constant.repeat(copies, 1, 1) for constant in constants]
        with torch.no_grad():
            biases.append(frozen.values(targets, torch.zeros_like(sources[0]), silent))

    def at_targets(parts: list[Tensor]) -> Tensor:
        """Rows of features, then zeros for errors and embeddings, then rows of logits."""
        found = torch.cat(parts)
        none = torch.zeros((layers + 1) * length, *found.shape[1:])
        return torch.cat((found[: len(features)], none, found[len(features) :]))

    return AttributionGraph(
        tokens=tokens,
        layers=layers,
        features=features,
        activations=codes[layer, position, index],
        logits=logits.tolist(),
        probabilities=probability,
        weights=at_targets(rows),
        values=at_targets(values),
        biases=at_targets(biases),
    )
