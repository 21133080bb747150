"""Sparse feature circuits (Marks et al. 2024) in the JSON that sot.import.circuit reads.

Their tool saves the effect of every feature of every component on a metric y, and the effects that
go from one component to another: dense and sparse tensors over all features, of which the circuit
is what exceeds two thresholds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

import numpy as np

from .circuit import rounded
from .unpickling import SparseTensor

_COMPONENT = re.compile(r"embed|(attn|mlp|resid)_(\d{1,4})")
_ORDER = {"embed": 0, "attn": 1, "mlp": 2, "resid": 3}
_METRIC = "y"


@dataclass(frozen=True)
class FeatureCircuit:
    """What a file holds; components are ``embed``, ``attn_3`` and so on, in the model's order."""

    effects: Mapping[str, np.ndarray]
    """[features + 1] or [positions, features + 1]; the last is what the dictionary leaves out."""
    links: Mapping[tuple[str, str], SparseTensor]
    """By source and target: the target's dimensions, unless it is y, then the source's."""
    metric: Optional[float]
    """The total effect on y."""
    examples: int

    @property
    def positions(self) -> Optional[int]:
        """None when effects are summed over positions."""
        shape = next(iter(self.effects.values())).shape
        return None if len(shape) == 1 else shape[0]

    @property
    def layers(self) -> int:
        return 1 + max(_place(name)[0] for name in self.effects)


def feature_circuit(saved: Mapping[str, Any]) -> FeatureCircuit:
    """The circuit of an unpickled file.

    :raises ValueError: when a tensor's shape is not what the others ask for
    """
    effects = {
        name: _effects(name, value) for name, value in saved["nodes"].items() if name != _METRIC
    }
    if not effects:
        raise ValueError("nodes has no component")
    effects = dict(sorted(effects.items(), key=lambda item: _place(item[0])))
    if len({effect.shape[:-1] for effect in effects.values()}) > 1:
        raise ValueError("some components have positions, or more of them, and some have not")
    links = {}
    for source, targets in saved["edges"].items():
        for target, weights in targets.items():
            for name in {source, target} - {_METRIC}:
                if name not in effects:
                    raise ValueError(f"edges names {name}, which is not in nodes")
            shape = effects[source].shape
            if target != _METRIC:
                shape = effects[target].shape + shape
            if isinstance(weights, np.ndarray):
                at = weights.nonzero()
                weights = SparseTensor(np.stack(at), weights[at], weights.shape)
            if weights.shape != shape:
                raise ValueError(
                    f"edges from {source} to {target} are {weights.shape}, not {shape}"
                )
            if not np.isfinite(weights.values).all():
                raise ValueError(f"edges from {source} to {target} are not finite")
            links[source, target] = weights
    metric = saved["nodes"].get(_METRIC)
    return FeatureCircuit(
        effects,
        links,
        float(np.mean(metric)) if isinstance(metric, np.ndarray) and metric.size else None,
        len(saved.get("examples", ())),
    )


def _place(name: str) -> tuple[int, int]:
    """The layer, and the place in the layer."""
    match = _COMPONENT.fullmatch(name)
    if match is None:
        raise ValueError(f"nodes names {name!r}, which is none of embed, attn_N, mlp_N and resid_N")
    return int(match[2] or 0), _ORDER[match[1] or name]


def _effects(name: str, value: Any) -> np.ndarray:
    _place(name)
    act, residual = getattr(value, "act", None), getattr(value, "resc", None)
    if not isinstance(act, np.ndarray) or not isinstance(residual, np.ndarray):
        raise ValueError(f"{name} has no effects of features (act) and of their error (resc)")
    if residual.ndim == act.ndim - 1:
        residual = residual[..., None]
    if act.ndim not in (1, 2) or residual.shape != (*act.shape[:-1], 1):
        raise ValueError(f"{name}: act is {act.shape} and resc {residual.shape}")
    effects = np.concatenate([act, residual], axis=-1).astype(np.float64)
    if not np.isfinite(effects).all():
        raise ValueError(f"{name}: an effect is not finite")
    return effects


def feature_circuit_document(
    circuit: FeatureCircuit,
    slug: str,
    dictionary: str,
    prompt_tokens: Sequence[str],
    node_threshold: float,
    link_threshold: float,
    generator: Mapping[str, object],
) -> dict[str, object]:
    """The whole file: nodes and links whose effects exceed the thresholds, and y."""
    kept = {name: np.abs(effect) > node_threshold for name, effect in circuit.effects.items()}
    nodes: list[dict[str, object]] = []
    for name, mask in kept.items():
        for at in np.argwhere(mask):
            effect = rounded(float(circuit.effects[name][tuple(at)]))
            nodes.append({**_node(name, mask.shape, at), "effect": effect})
    metric: dict[str, object] = {"id": _METRIC, "component": _METRIC, "layer": circuit.layers}
    nodes.append(metric if circuit.metric is None else {**metric, "effect": circuit.metric})
    links = []
    for (source, target), weights in sorted(circuit.links.items(), key=_between):
        indices, sums = _coalesced(weights)
        split = 0 if target == _METRIC else kept[target].ndim
        shown = (np.abs(sums) > link_threshold) & kept[source][tuple(indices[split:])]
        if target != _METRIC:
            shown &= kept[target][tuple(indices[:split])]
        for at, weight in zip(indices[:, shown].T, sums[shown]):
            origin = _node(source, kept[source].shape, at[split:])["id"]
            to = _METRIC
            if target != _METRIC:
                to = str(_node(target, kept[target].shape, at[:split])["id"])
            links.append({"source": origin, "target": to, "weight": rounded(float(weight))})
    return {
        "format": "sot-feature-circuit/1",
        "metadata": {
            "slug": slug,
            "dictionary": dictionary,
            "prompt": "".join(prompt_tokens),
            "prompt_tokens": list(prompt_tokens),
            "aggregation": "sum" if circuit.positions is None else "none",
            "examples": circuit.examples,
            "node_threshold": node_threshold,
            "edge_threshold": link_threshold,
            "info": {"generator": dict(generator)},
        },
        "nodes": nodes,
        "links": links,
    }


def _between(item: tuple[tuple[str, str], SparseTensor]) -> tuple[object, ...]:
    source, target = item[0]
    return _place(source), target == _METRIC, target != _METRIC and _place(target)


def _coalesced(weights: SparseTensor) -> tuple[np.ndarray, np.ndarray]:
    """Indices [dimensions, entries] in ascending order, each once, and the sums of their values."""
    flat = np.ravel_multi_index(tuple(weights.indices), weights.shape)
    unique, inverse = np.unique(flat, return_inverse=True)
    sums = np.bincount(inverse, weights.values.astype(np.float64), len(unique))
    return np.stack(np.unravel_index(unique, weights.shape)), sums


def _node(name: str, shape: Sequence[int], at: Sequence[int]) -> dict[str, object]:
    """As the tool's own pictures name it."""
    feature: Optional[int] = int(at[-1])
    if feature == shape[-1] - 1:
        feature = None
    node_id = f"{name}/{'error' if feature is None else feature}"
    node: dict[str, object] = {"id": node_id, "component": name.partition("_")[0]}
    if name != "embed":
        node["layer"] = _place(name)[0]
    node["feature"] = feature
    if len(shape) == 2:
        position = int(at[0])
        node |= {"id": f"{position}, {node_id}", "position": position}
    return node
