"""How faithful compressions by different distances are, measured on the addition model.

A circuit of the whole model, not of one prompt: the nodes are the (layer, feature, position) whose
activations vary most over the fitting prompts. A distance groups them hierarchically. Then the
MLPs' outputs are replaced by what the transcoders write, without an error term: every node has the
activation that its supernode's mean pattern gives it, every other feature its mean over the
fitting prompts. Faithfulness is the share of digits that the model still predicts on sums it was
never trained on. First positions, which the transcoders are not trained on, keep their MLP outputs;
they are constants.

The same feature at two positions is two nodes, as replacing an activation needs, and as
``sot.compress`` has it at the level of nodes. The distances are the same functions.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .attribution import attribute
from .dictionaries import Transcoder
from .model import FIRST_ANSWER, READ_LENGTH, AdditionModel, Capture, encode_sums
from .train import sample_sums

_log = logging.getLogger(__name__)

SIZES = (250, 200, 180, 160, 150, 140, 120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20)
"""Numbers of supernodes."""
DIMENSIONS = (8, 16, 32, 64)
SUPPORT = 64
SUPPORTS = (8, 16, 32, 64, 128)
FITTING_SUMS, UNSEEN_SUMS = 1500, 2000
ATTRIBUTED_SUMS = 48
"""Sums whose attribution graphs make the edge profiles."""
_CARRY_SHARE = 0.1
_CHUNK = 500
_PASSES = 50


@dataclass(frozen=True)
class Recording:
    """What the model and the transcoders compute on some sums."""

    tokens: Tensor
    """[sums, 13]."""
    activations: Tensor
    """[sums, layer, position, feature]."""
    states: np.ndarray
    """Residual stream after the last layer, [sums, position, size]."""
    first_outputs: Tensor
    """The MLPs' outputs at the first position, [layer, size]."""
    digits_right: float
    """Share of digits that the model itself predicts."""


@dataclass(frozen=True)
class Nodes:
    """The nodes of the circuit, in descending order of their activations' variance."""

    layers: np.ndarray
    positions: np.ndarray
    features: np.ndarray

    def __len__(self) -> int:
        return len(self.layers)

    def of(self, activations: Tensor) -> np.ndarray:
        """[sums, layer, position, feature] -> [sums, node]."""
        return activations[:, self.layers, self.positions, self.features].numpy()


@torch.no_grad()
def record(
    model: AdditionModel, transcoders: list[Transcoder], sums: int, seed: int, held_out: bool
) -> Recording:
    generator = torch.Generator().manual_seed(seed)
    tokens = encode_sums(*sample_sums(sums, generator, _CARRY_SHARE, held_out))
    activations, states, right = [], [], []
    for part in tokens.split(_CHUNK):
        capture = Capture()
        logits = model(part[:, :READ_LENGTH], capture)
        encoded = [t.encode(x) for t, x in zip(transcoders, capture.mlp_inputs)]
        activations.append(torch.stack(encoded, dim=1))
        states.append(capture.residuals[-1])
        right.append(_digits_right(logits, part))
    first = torch.stack([output[0, 0] for output in capture.mlp_outputs])
    return Recording(
        tokens,
        torch.cat(activations),
        torch.cat(states).double().numpy(),
        first,
        torch.cat(right).float().mean().item(),
    )


def _digits_right(logits: Tensor, tokens: Tensor) -> Tensor:
    return logits[:, FIRST_ANSWER - 1 :].argmax(-1) == tokens[:, FIRST_ANSWER:]


def most_variable_nodes(activations: Tensor, count: int) -> Nodes:
    """The nodes of largest variance; not at the first position, where nothing varies.

    Fewer than ``count`` if not that many vary.
    """
    variance = activations.var(0)
    variance[:, 0] = 0
    count = min(count, int((variance > 0).sum()))
    order = variance.flatten().argsort(descending=True)[:count].numpy()
    layers, positions, features = np.unravel_index(order, variance.shape)
    return Nodes(layers, positions, features)


def mean_pattern(activations: np.ndarray, means: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Activations with every node's replaced by its supernode's pattern: [sums, node].

    The pattern of a supernode is the mean of its members' activations, each divided by its own
    mean; a member has the pattern times its mean. Lossless for groups of one and for groups whose
    members are proportional.

    :param activations: [sums, node]
    :param means: of each node over the fitting prompts, above zero
    :param groups: the supernode of each node
    """
    relative = activations / means
    replaced = np.empty_like(activations)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        replaced[:, members] = relative[:, members].mean(1, keepdims=True) * means[members]
    return replaced


class Replacement:
    """The model with its MLPs replaced by transcoders, whose nodes' activations can be set.

    Features that are no nodes have their means over the fitting prompts, so that the model sees
    nodes only; or, with ``others`` "actual", their own activations.
    """

    def __init__(
        self,
        model: AdditionModel,
        transcoders: list[Transcoder],
        nodes: Nodes,
        fitted: Recording,
        unseen: Recording,
        others: str = "mean",
    ) -> None:
        self._model, self._nodes, self._tokens = model, nodes, unseen.tokens
        self.means = nodes.of(fitted.activations).mean(0)
        """Of the nodes over the fitting prompts, [node]."""
        self.activations = nodes.of(unseen.activations)
        """Of the nodes on the unseen sums, [sums, node]."""
        background = (
            fitted.activations.mean(0) if others == "mean" else unseen.activations.clone()
        )
        background[..., nodes.layers, nodes.positions, nodes.features] = 0
        self._background = [
            t.decode(background[..., i, :, :]).expand(len(unseen.tokens), -1, -1).clone()
            for i, t in enumerate(transcoders)
        ]
        for layer, output in enumerate(self._background):
            output[:, 0] = unseen.first_outputs[layer]
        self._decoders = torch.stack(
            [transcoders[layer].w_dec[f] for layer, f in zip(nodes.layers, nodes.features)]
        )

    def accuracy(self, groups: np.ndarray) -> float:
        """Share of digits right when the nodes are compressed to these groups."""
        return self._accuracy(mean_pattern(self.activations, self.means, groups))

    def ablated_accuracy(self) -> float:
        """Share of digits right when the nodes, too, have their means."""
        return self._accuracy(np.broadcast_to(self.means, self.activations.shape).copy())

    def _accuracy(self, activations: np.ndarray) -> float:
        return _digits_right(self.logits(activations), self._tokens).float().mean().item()

    @torch.no_grad()
    def logits(self, activations: np.ndarray) -> Tensor:
        """What the model predicts with these activations of the nodes: [sums, position, token].

        :param activations: [sums, node]
        """
        logits = []
        for start in range(0, len(activations), _CHUNK):
            part = slice(start, start + _CHUNK)
            z = torch.from_numpy(activations[part])
            outputs = [base[part].clone() for base in self._background]
            for layer, output in enumerate(outputs):
                for position in range(1, READ_LENGTH):
                    here = np.flatnonzero(
                        (self._nodes.layers == layer) & (self._nodes.positions == position)
                    )
                    output[:, position] += z[:, here] @ self._decoders[here]
            logits.append(self._model(self._tokens[part, :READ_LENGTH], mlp_outputs=outputs))
        return torch.cat(logits)


def whiten(states: np.ndarray, dimension: int) -> np.ndarray:
    """Principal components of unit variance: [sums, position, size] -> [..., dimension].

    Fitted on all positions but the first, whose state is the same in every prompt.
    """
    rows = states[:, 1:].reshape(-1, states.shape[-1])
    mean = rows.mean(0)
    values, vectors = np.linalg.eigh(np.cov(rows.T, bias=True))
    leading = np.argsort(-values)[:dimension]
    return (states - mean) @ (vectors[:, leading] / np.sqrt(values[leading]))


@dataclass(frozen=True)
class Distribution:
    """Where a node fires: points of a reference space and their weights, which add up to 1."""

    points: np.ndarray
    """[point, dimension]."""
    weights: np.ndarray


def stratified_support(activations: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """At most ``count`` rows that stand for all where a node is active, and their weights.

    All of them if they are few enough. Else systematic sampling in proportion to the activation,
    over the rows in descending order of it; a row met twice weighs twice.
    """
    order = np.argsort(-activations, kind="stable")
    order = order[activations[order] > 0]
    weights = activations[order].astype(np.float64)
    if len(order) > count:
        cumulative = np.cumsum(weights) / weights.sum()
        met = np.searchsorted(cumulative, (np.arange(count) + 0.5) / count)
        met, times = np.unique(np.minimum(met, len(order) - 1), return_counts=True)
        order, weights = order[met], times.astype(np.float64)
    return order, weights / weights.sum()


def strongest_support(activations: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``count`` rows where a node is most active, weighted by the activation."""
    order = np.argsort(-activations, kind="stable")[:count]
    order = order[activations[order] > 0]
    return order, activations[order] / activations[order].sum(dtype=np.float64)


def quantized_support(
    points: np.ndarray, activations: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """At most ``count`` rows, each of which stands for the rows nearest to it, and their weights.

    All rows where the node is active if they are few enough. Else the medoids of a k-means that is
    weighted by the activation: cells are first split at the mean of their widest axis, the one
    with the largest sum of squares first.

    :param points: [row, dimension]
    """
    rows = np.flatnonzero(activations > 0)
    weights = activations[rows] / activations[rows].sum(dtype=np.float64)
    if len(rows) <= count:
        return rows, weights
    points = points[rows]
    cell = _split(points, weights, count)
    for _ in range(_PASSES):
        nearest = _nearest(points, _means(points, weights, cell))
        if (nearest == cell).all():
            break
        cell = nearest
    from_mean = ((points - _means(points, weights, cell)[cell]) ** 2).sum(1)
    medoids = np.array(
        [
            members[from_mean[members].argmin()]
            for members in map(np.flatnonzero, np.arange(cell.max() + 1)[:, None] == cell)
        ]
    )
    mass = np.bincount(_nearest(points, points[medoids]), weights, len(medoids))
    return rows[medoids], mass


def _split(points: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    cell = np.zeros(len(points), dtype=np.int64)
    squares = [_squares(points, weights)]
    while len(squares) < count:
        widest = int(np.argmax([s.sum() for s in squares]))
        axis = squares[widest].argmax()
        if squares[widest][axis] < 1e-18:
            break
        members = np.flatnonzero(cell == widest)
        values = points[members, axis]
        right = members[values > np.average(values, weights=weights[members])]
        cell[right] = len(squares)
        squares.append(_squares(points[right], weights[right]))
        left = np.setdiff1d(members, right)
        squares[widest] = _squares(points[left], weights[left])
    return cell


def _squares(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return weights @ (points - np.average(points, axis=0, weights=weights)) ** 2


def _means(points: np.ndarray, weights: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Of cells that are all taken: [cell, dimension]."""
    sums = [np.bincount(cell, weights * axis) for axis in points.T]
    return np.stack(sums, axis=1) / np.bincount(cell, weights)[:, None]


def _nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Numbers of the nearest centres; centres that are nearest to nothing are not counted."""
    nearest = ((centres**2).sum(1) - 2 * points @ centres.T).argmin(1)
    return np.unique(nearest, return_inverse=True)[1]


def distributions(
    space: np.ndarray,
    activations: np.ndarray,
    positions: np.ndarray,
    support: Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]] = stratified_support,
    count: int = SUPPORT,
) -> list[Distribution]:
    """The nodes' distributions over a space: [sums, position, dimension]."""
    result = []
    for values, position in zip(activations.T, positions):
        rows, weights = support(values, count)
        result.append(Distribution(space[rows, position], weights))
    return result


def quantized_distributions(
    space: np.ndarray, activations: np.ndarray, positions: np.ndarray, count: int = SUPPORT
) -> list[Distribution]:
    """The same with quantized supports."""
    result = []
    for values, position in zip(activations.T, positions):
        rows, weights = quantized_support(space[:, position], values, count)
        result.append(Distribution(space[rows, position], weights))
    return result


def transport_distances(
    nodes: list[Distribution], cosine: bool = False, order: int = 1
) -> np.ndarray:
    """Exact Wasserstein distances W1 or W2: [node, node].

    The ground cost is the Euclidean distance, or 1 - cosine.
    """
    from ot import emd2

    points = [node.points for node in nodes]
    if cosine:
        points = [cloud / np.linalg.norm(cloud, axis=1, keepdims=True) for cloud in points]
    ends = np.cumsum([len(cloud) for cloud in points])
    stacked = np.concatenate(points)
    squares = (stacked**2).sum(1)
    matrix = np.zeros((len(nodes), len(nodes)))
    for i in range(len(nodes) - 1):
        begin = ends[i]
        products = points[i] @ stacked[begin:].T
        if cosine:
            costs = 1 - products
        else:
            own = (points[i] ** 2).sum(1)[:, None]
            costs = np.sqrt(np.maximum(own + squares[begin:] - 2 * products, 0))
        costs **= order
        for j in range(i + 1, len(nodes)):
            part = np.ascontiguousarray(costs[:, ends[j - 1] - begin : ends[j] - begin])
            cost = emd2(nodes[i].weights, nodes[j].weights, part)
            matrix[i, j] = matrix[j, i] = max(0.0, cost) ** (1 / order)
    return matrix


def centroid_distances(
    space: np.ndarray, activations: np.ndarray, positions: np.ndarray
) -> np.ndarray:
    """Euclidean distances of the means of the nodes' distributions, over all prompts."""
    weights = activations / activations.sum(0)
    centroids = np.stack([w @ space[:, p] for w, p in zip(weights.T, positions)])
    return np.linalg.norm(centroids[:, None] - centroids[None], axis=2)


def energy_distances(points: np.ndarray, activations: np.ndarray) -> np.ndarray:
    """Square roots of the energy distances, over all prompts: [node, node].

    :param points: of each prompt, [sums, dimension]
    """
    weights = (activations / activations.sum(0)).T
    squares = (points**2).sum(1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0))
    means = weights @ apart @ weights.T
    own = np.diag(means)
    return np.sqrt(np.maximum(2 * means - own[:, None] - own, 0))


def prompt_space(states: np.ndarray, dimension: int) -> np.ndarray:
    """The ``prompt`` space: [sums, position, size] -> [sums, dimension].

    The states at the positions that predict the answer, concatenated and whitened.
    """
    answers = states[:, FIRST_ANSWER - 1 :].reshape(len(states), -1)
    mean = answers.mean(0)
    values, vectors = np.linalg.eigh(np.cov(answers.T, bias=True))
    leading = np.argsort(-values)[:dimension]
    return (answers - mean) @ (vectors[:, leading] / np.sqrt(values[leading]))


def mean_links(
    model: AdditionModel, transcoders: list[Transcoder], nodes: Nodes, seed: int
) -> np.ndarray:
    """Mean weights of links among nodes over prompts' attribution graphs: [target, source].

    Each graph explains one digit of the answer, the four places in turn.
    """
    number = {
        node: i
        for i, node in enumerate(
            zip(nodes.layers.tolist(), nodes.positions.tolist(), nodes.features.tolist())
        )
    }
    generator = torch.Generator().manual_seed(seed)
    sums = encode_sums(*sample_sums(ATTRIBUTED_SUMS, generator, _CARRY_SHARE, held_out=False))
    links = np.zeros((len(nodes), len(nodes)))
    for i, tokens in enumerate(sums.tolist()):
        graph = attribute(model, transcoders, tokens[: FIRST_ANSWER + i % 4])
        found = np.array([number.get(tuple(node), -1) for node in graph.features.tolist()])
        here = np.flatnonzero(found >= 0)
        weights = graph.weights[here][:, here].double().numpy()
        links[np.ix_(found[here], found[here])] += weights / len(sums)
    return links


def _units(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1; rows of zeros stay."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _cosine_distances(vectors: np.ndarray) -> np.ndarray:
    units = _units(vectors)
    return 1 - units @ units.T


def compressions(
    model: AdditionModel,
    transcoders: list[Transcoder],
    nodes: Nodes,
    fitted: Recording,
    seed: int,
) -> Iterator[tuple[str, Callable[[int], np.ndarray]]]:
    """Name and grouping of the default, its variants and the baselines."""
    activations = nodes.of(fitted.activations).astype(np.float64)
    same = nodes.positions[:, None] == nodes.positions
    prompt = prompt_space(fitted.states, 16)
    prompts = np.repeat(prompt[:, None], READ_LENGTH, axis=1)
    over = quantized_distributions(prompts, activations, nodes.positions)
    matrix = transport_distances(over)
    yield "W1, prompt: the default", hierarchy(matrix, "ward")
    yield "W1, prompt, average linkage", hierarchy(matrix, "average")
    yield "W1, prompt, same position", hierarchy(matrix, "ward", same)
    decoders = [transcoders[layer].w_dec[f] for layer, f in zip(nodes.layers, nodes.features)]
    links = mean_links(model, transcoders, nodes, seed)
    for name, matrix in (
        ("activation correlation", 1 - np.corrcoef(activations.T)),
        ("decoder cosine", _cosine_distances(torch.stack(decoders).double().numpy())),
        ("edge profile", _cosine_distances(np.hstack((_units(links), _units(links.T))))),
    ):
        yield name, hierarchy(matrix, "ward")
        yield f"{name}, average linkage", hierarchy(matrix, "average")
        yield f"{name}, same position", hierarchy(matrix, "ward", same)
    yield "random", random_groups(len(nodes), seed)
    chance = np.random.default_rng(seed).random(same.shape)
    yield "random, same position", hierarchy(chance + chance.T, "complete", same)
    for name, matrix in (
        ("centroids, prompt", centroid_distances(prompts, activations, nodes.positions)),
        ("energy distance, prompt", energy_distances(prompt, activations)),
    ):
        yield name, hierarchy(matrix, "ward")
        yield f"{name}, average linkage", hierarchy(matrix, "average")
    yield "W2, prompt", hierarchy(transport_distances(over, order=2), "ward")
    over = quantized_distributions(whiten(fitted.states, 16), activations, nodes.positions)
    matrix = transport_distances(over)
    yield "W1, aligned", hierarchy(matrix, "ward")
    yield "W1, aligned, average linkage", hierarchy(matrix, "average")


def distances(
    transcoders: list[Transcoder], nodes: Nodes, fitted: Recording
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and matrix of every distance compared, one after the other."""
    activations = nodes.of(fitted.activations).astype(np.float64)
    decoders = [transcoders[layer].w_dec[f] for layer, f in zip(nodes.layers, nodes.features)]
    yield "decoder cosine", _cosine_distances(torch.stack(decoders).double().numpy())
    yield "activation correlation", 1 - np.corrcoef(activations.T)
    positions = nodes.positions
    spaces = {dimension: whiten(fitted.states, dimension) for dimension in DIMENSIONS}
    for dimension, space in spaces.items():
        over = distributions(space, activations, positions)
        yield f"W1, {dimension} dimensions", transport_distances(over)
    for dimension, space in spaces.items():
        over = distributions(space, activations, positions)
        yield f"W1, {dimension} dimensions, cosine", transport_distances(over, cosine=True)
    over = distributions(spaces[16], activations, positions)
    yield "W2, 16 dimensions", transport_distances(over, order=2)
    over = distributions(spaces[16], activations, positions, strongest_support)
    yield "W1, 16 dimensions, strongest activations", transport_distances(over)
    over = distributions(fitted.states, activations, positions)
    yield "W1, not whitened", transport_distances(over)
    over = distributions(fitted.states, activations, positions, strongest_support)
    yield "W1, not whitened, strongest activations", transport_distances(over)
    for dimension in (16, 64):
        matrix = centroid_distances(spaces[dimension], activations, positions)
        yield f"centroids, {dimension} dimensions", matrix


def support_distances(
    transcoders: list[Transcoder], nodes: Nodes, fitted: Recording
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and matrix of W1 by support, one after the other."""
    activations = nodes.of(fitted.activations).astype(np.float64)
    for dimension in (16, 64):
        space = whiten(fitted.states, dimension)
        for count in SUPPORTS:
            name = f"W1, {dimension} dimensions, {count} points"
            over = distributions(space, activations, nodes.positions, count=count)
            yield f"{name}, sampled", transport_distances(over)
            over = quantized_distributions(space, activations, nodes.positions, count)
            yield f"{name}, quantized", transport_distances(over)


def hierarchy(
    matrix: np.ndarray, method: str, together: np.ndarray | None = None
) -> Callable[[int], np.ndarray]:
    """A function from a number of groups to groups; fewer where distances are equal.

    :param method: linkage: average, complete, ward
    :param together: whether two nodes may be in one group: [node, node]; all may by default
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if together is not None:
        matrix = np.where(together, matrix, 3 * matrix[together].max() + 1)
    upper = matrix[np.triu_indices(len(matrix), 1)]
    tree = linkage(np.maximum(upper, 0), method)
    return lambda size: fcluster(tree, size, "maxclust")


def random_groups(count: int, seed: int) -> Callable[[int], np.ndarray]:
    """A function from a number of groups to random groups, none of them empty."""

    def groups(size: int) -> np.ndarray:
        generator = np.random.default_rng((seed, size))
        rest = generator.integers(0, size, count - size)
        return generator.permutation(np.concatenate((np.arange(size), rest)))

    return groups


_DISTANCES = {"distances": distances, "supports": support_distances}
COMPARISONS = ("compressions", *_DISTANCES)
"""What can be compared: the default with its variants and baselines, distances, or supports."""


def _groupings(
    comparison: str,
    model: AdditionModel,
    transcoders: list[Transcoder],
    nodes: Nodes,
    fitted: Recording,
    seed: int,
) -> Iterator[tuple[str, Callable[[int], np.ndarray]]]:
    if comparison == "compressions":
        yield from compressions(model, transcoders, nodes, fitted, seed)
        return
    yield "random", random_groups(len(nodes), seed)
    for name, matrix in _DISTANCES[comparison](transcoders, nodes, fitted):
        yield name, hierarchy(matrix, "average")


def measure(
    model: AdditionModel,
    transcoders: list[Transcoder],
    comparison: str,
    draws: int,
    count: int,
    seed: int,
) -> str:
    """The table of faithfulness, in Markdown; after each draw the table so far in the log.

    :param comparison: one of COMPARISONS
    """
    _require_libraries()
    if count <= min(SIZES) or draws < 1:
        raise SystemExit(
            f"--nodes {count} --draws {draws}: at least {min(SIZES) + 1} nodes and one draw "
            "are needed"
        )
    sizes = [size for size in SIZES if size < count]
    results: dict[str, list[list[float]]] = {}
    references: list[tuple[float, float, float]] = []
    for draw in range(draws):
        started = time.monotonic()
        first = seed + 100 + 2 * draw
        fitted = record(model, transcoders, FITTING_SUMS, first, held_out=False)
        unseen = record(model, transcoders, UNSEEN_SUMS, first + 1, held_out=True)
        nodes = most_variable_nodes(fitted.activations, count)
        if len(nodes) < count:
            raise SystemExit(f"--nodes {count}: only {len(nodes)} nodes vary; ask for fewer")
        replacement = Replacement(model, transcoders, nodes, fitted, unseen)
        references.append(
            (
                unseen.digits_right,
                replacement.accuracy(np.arange(count)),
                replacement.ablated_accuracy(),
            )
        )
        for name, groups in _groupings(
            comparison, model, transcoders, nodes, fitted, first
        ):
            accuracies = [replacement.accuracy(groups(size)) for size in sizes]
            results.setdefault(name, []).append(accuracies)
            _log.info(
                "draw %d of %d: %s, mean accuracy %.3f, %.0f s",
                draw + 1,
                draws,
                name,
                np.mean(accuracies),
                time.monotonic() - started,
            )
        table = _table(results, references, sizes, count)
        _log.info("after draw %d of %d:\n%s", draw + 1, draws, table)
    return table


def _require_libraries() -> None:
    for module, package in (("ot", "python3-pot"), ("scipy", "python3-scipy")):
        try:
            __import__(module)
        except ImportError:
            raise SystemExit(
                f"faithfulness needs the Python module {module}, which is not installed: "
                f"apt-get install {package}"
            ) from None


def _table(
    results: dict[str, list[list[float]]],
    references: list[tuple[float, float, float]],
    sizes: list[int],
    count: int,
) -> str:
    own, uncompressed, ablated = np.mean(references, axis=0)
    shown = [size for size in (100, 80, 50, 30) if size in sizes]
    lines = [
        f"Digits right on {UNSEEN_SUMS:,} unseen sums, draws of the prompts: {len(references)}. "
        f"The model: {own:.3f}; {count} nodes uncompressed: {uncompressed:.3f}; "
        f"all features at their means: {ablated:.3f}.",
        "",
        "| Distance | AUC | K99 | " + " | ".join(f"at {size}" for size in shown) + " |",
        "|---" * (3 + len(shown)) + "|",
    ]
    for name, draws in results.items():
        accuracy = dict(zip(sizes, np.mean(draws, axis=0)))
        cells = [name, f"{np.mean(list(accuracy.values())):.3f}", _smallest(accuracy, 0.99)]
        cells += [f"{accuracy[size]:.2f}" for size in shown]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _smallest(accuracy: dict[int, float], wanted: float) -> str:
    """The smallest size that is as accurate as wanted, with all larger ones; "-" if none is."""
    smallest = "-"
    for size in sorted(accuracy, reverse=True):
        if accuracy[size] < wanted:
            break
        smallest = str(size)
    return smallest
