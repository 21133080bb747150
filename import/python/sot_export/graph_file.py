"""Reads the graphs that circuit-tracer saves, without running what is in them.

Such a ``.pt`` file is a zip archive of one pickle and the bytes of its tensors. A pickle may name
any function of Python to be called when it is read. Here only tensors are rebuilt, by this module;
the few classes of circuit-tracer and the libraries it configures become inert records of their
arguments and attributes; any other name is refused. Nothing is imported.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Sequence

import numpy as np
import torch

from .graph import AttributionGraph


class _Inert:
    """Stands for an object of a class that is not loaded: keeps what it was given."""

    arguments: tuple[Any, ...]

    def __new__(cls, *arguments: Any, **keywords: Any) -> _Inert:
        made = super().__new__(cls)
        made.arguments = arguments
        return made

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, tuple):
            state = {k: v for part in state if part for k, v in part.items()}
        self.__dict__.update(state)


_BFLOAT16 = "bfloat16"
_STORAGES: dict[str, Any] = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": _BFLOAT16,
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "?",
}
_INERT = ("circuit_tracer", "transformer_lens", "transformers", "torch")


def _rebuild(
    storage: np.ndarray, offset: int, size: Sequence[int], stride: Sequence[int], *_: Any
) -> np.ndarray:
    """The tensor of a storage, a copy; what reaches outside of the storage is refused."""
    numbers = [offset, *size, *stride]
    if len(size) != len(stride) or any(not isinstance(n, int) or n < 0 for n in numbers):
        raise ValueError("a tensor's size or stride is not sound")
    if 0 in size:
        return np.zeros(tuple(size), storage.dtype)
    last = offset + sum((n - 1) * step for n, step in zip(size, stride))
    if last >= len(storage) or math.prod(size) > len(storage):
        raise ValueError("a tensor reaches beyond its data")
    strides = [step * storage.itemsize for step in stride]
    view = np.lib.stride_tricks.as_strided(storage[offset:], tuple(size), strides)
    return view.copy()


def _parameter(data: np.ndarray, *_: Any) -> np.ndarray:
    return data


class _Unpickler(pickle._Unpickler):  # type: ignore[name-defined]
    """In Python: the one in C takes gigabytes for a number of the memo that is only claimed."""

    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(archive.read(f"{root}/data.pkl")))
        self._archive = archive
        self._root = root
        self._storages: dict[str, np.ndarray] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module in ("builtins", "__builtin__") and name in ("set", "frozenset"):
            return set
        if module == "torch._utils" and name == "_rebuild_tensor_v2":
            return _rebuild
        if module == "torch._utils" and name == "_rebuild_parameter":
            return _parameter
        if module.split(".")[0] in _INERT and not name.startswith("_rebuild"):
            return type(name, (_Inert,), {})
        raise ValueError(
            f"the pickle names {module}.{name}, which no graph of circuit-tracer needs; "
            "nothing of it was run. If you trust the file, save it again with circuit-tracer"
        )

    def persistent_load(self, identity: Any) -> np.ndarray:
        kind, storage, key, _, count = identity
        dtype = _STORAGES.get(getattr(storage, "__name__", ""))
        if kind != "storage" or dtype is None:
            raise ValueError(f"tensors of {getattr(storage, '__name__', storage)} are not known")
        if key not in self._storages:
            raw = self._archive.read(f"{self._root}/data/{key}")
            if dtype == _BFLOAT16:
                # The upper half of an F32.
                bits = np.frombuffer(raw, "<u2").astype("<u4") << 16
                data = bits.view("<f4")
            else:
                data = np.frombuffer(raw, dtype)
            if len(data) != count:
                raise ValueError(f"a tensor has {len(data)} values instead of {count}")
            self._storages[key] = data
        return self._storages[key]


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


def read_graph(path: Path) -> SavedGraph:
    """The graph of a ``.pt`` file that circuit-tracer saved.

    :raises ValueError: when it is something else or names what no graph needs
    """
    try:
        return _graph(_unpickle(path))
    except OSError:
        raise
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None
    except Exception as problem:  # whatever an unsound pickle brings about
        raise ValueError(
            f"{path}: not a graph of circuit-tracer: {type(problem).__name__}: {problem}"
        ) from problem


def _unpickle(path: Path) -> dict[str, Any]:
    if not zipfile.is_zipfile(path):
        raise ValueError("not a file that torch.save wrote (since PyTorch 1.6), which is a zip")
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(names) != 1:
            raise ValueError("the archive has no data.pkl, or several")
        root = names[0].removesuffix("/data.pkl")
        if f"{root}/byteorder" in archive.namelist():
            if archive.read(f"{root}/byteorder") != b"little":
                raise ValueError("its numbers are big-endian")
        saved = _Unpickler(archive, root).load()
    if not isinstance(saved, dict):
        raise ValueError(f"it holds a {type(saved).__name__}, not a saved graph")
    return saved


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
        pairs = [t.arguments if isinstance(t, _Inert) else t for t in targets]
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
