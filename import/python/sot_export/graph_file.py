"""Reads the circuits that circuit-tracer and the tool of sparse feature circuits save."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np
import torch

from .feature_circuit import FeatureCircuit, feature_circuit
from .graph import AttributionGraph
from .unpickling import Inert, load


@dataclass(frozen=True)
class SavedGraph:
    """A graph with what its file says about it."""

    graph: AttributionGraph
    prompt: str
    logit_texts: list[Optional[str]]
    """None where an old file has the id alone."""
    scan: Optional[str]
    transcoders: list[str]
    """The dictionaries, where there is one a layer and no common name."""
    tokenizer: Optional[str]
    """The model's name for its tokenizer."""


def read_circuit(path: Path) -> Union[SavedGraph, FeatureCircuit]:
    """What is in a ``.pt`` file of circuit-tracer or of sparse feature circuits.

    :raises ValueError: when it is something else or names what no circuit needs
    """
    try:
        saved = load(path)
        if {"nodes", "edges"} <= saved.keys():
            return feature_circuit(saved)
        return _graph(saved)
    except OSError:
        raise
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None
    except Exception as problem:  # whatever an unsound pickle brings about
        raise ValueError(
            f"{path}: not a circuit of circuit-tracer or of sparse feature circuits: "
            f"{type(problem).__name__}: {problem}"
        ) from problem


def _graph(saved: dict[str, Any]) -> SavedGraph:
    configuration = saved["cfg"]
    layers = _attribute(configuration, "n_layers", "num_hidden_layers")
    if not isinstance(layers, int):
        raise ValueError("cfg does not say how many layers the model has")
    tokens = [int(token) for token in np.ravel(saved["input_tokens"])]
    active, selected = saved["active_features"], saved["selected_features"]
    values, weights = saved["activation_values"], saved["adjacency_matrix"]
    if active.ndim != 2 or active.shape[1] != 3 or values.shape != (len(active),):
        raise ValueError(
            f"active_features is {active.shape} and activation_values {values.shape}; "
            "expected [n, 3] and [n]"
        )
    if selected.ndim != 1 or ((selected < 0) | (selected >= len(active))).any():
        raise ValueError("selected_features does not index active_features")
    targets = saved["logit_targets"] if "logit_targets" in saved else saved["logit_tokens"]
    if isinstance(targets, np.ndarray):
        logits: list[int] = [int(target) for target in np.ravel(targets)]
        texts: list[Optional[str]] = [None] * len(logits)
    else:
        pairs = [t.arguments if isinstance(t, Inert) else t for t in targets]
        logits = [int(index) for _, index in pairs]
        texts = [str(text) if text else None for text, _ in pairs]
    probabilities = np.ravel(saved["logit_probabilities"])
    size = len(selected) + (layers + 1) * len(tokens) + len(logits)
    if weights.shape != (size, size) or len(probabilities) != len(logits):
        raise ValueError(
            f"adjacency_matrix is {weights.shape}, but {len(selected)} features, {layers} layers, "
            f"{len(tokens)} tokens and {len(logits)} logits make {size} nodes"
        )
    features = active[selected].astype(np.int64)
    bounds = np.array([layers, len(tokens), np.iinfo(np.int32).max])
    if (features < 0).any() or (features >= bounds).any():
        raise ValueError("a feature's layer or position is not one of the graph's")
    scan = saved.get("scan_name", saved.get("scan"))
    return SavedGraph(
        graph=AttributionGraph(
            tokens=tokens,
            layers=layers,
            features=torch.from_numpy(features),
            activations=torch.from_numpy(values[selected].astype(np.float32)),
            logits=logits,
            probabilities=torch.from_numpy(probabilities.astype(np.float32)),
            weights=torch.from_numpy(weights.astype(np.float32, copy=False)),
        ),
        prompt=str(saved["input_string"]),
        logit_texts=texts,
        scan=scan if isinstance(scan, str) else None,
        transcoders=[str(name) for name in scan] if isinstance(scan, (list, tuple)) else [],
        tokenizer=_attribute(configuration, "tokenizer_name", "name_or_path", "_name_or_path"),
    )


def _attribute(configuration: Any, *names: str) -> Any:
    values = configuration if isinstance(configuration, dict) else vars(configuration)
    return next((values[name] for name in names if values.get(name) is not None), None)
