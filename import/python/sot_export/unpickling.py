"""Reads the ``.pt`` files of circuits without running what is in them.

Such a file is a zip archive of one pickle and the bytes of its tensors. A pickle may name any
function of Python to be called when it is read. Here only tensors are rebuilt, by this module; the
few classes of the tools that save circuits and of the libraries they configure become inert records
of their arguments and attributes; any other name is refused. Nothing is imported.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy as np


class Inert:
    """Stands for an object of a class that is not loaded: keeps what it was given."""

    arguments: tuple[Any, ...]

    def __new__(cls, *arguments: Any, **keywords: Any) -> Inert:
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
_INERT = ("circuit_tracer", "transformer_lens", "transformers", "torch", "activation_utils")


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


@dataclass(frozen=True)
class SparseTensor:
    """A tensor's entries: ``indices`` [dimensions, entries]; an index may occur more than once."""

    indices: np.ndarray
    values: np.ndarray
    shape: tuple[int, ...]


def _rebuild_sparse(layout: Any, data: Sequence[Any]) -> SparseTensor:
    if "sparse_coo" not in str(getattr(layout, "arguments", layout)):
        raise ValueError("a sparse tensor has another layout than coordinates")
    indices, values, size, *_ = data
    shape = tuple(size.arguments[0] if isinstance(size, Inert) else size)
    if (
        any(not isinstance(n, int) or n < 0 for n in shape)
        or math.prod(shape) > np.iinfo(np.int64).max
        or indices.shape != (len(shape), len(values))
        or values.ndim != 1
        or (indices < 0).any()
        or (indices >= np.array(shape)[:, None]).any()
    ):
        raise ValueError("a sparse tensor's indices are not those of its shape")
    return SparseTensor(indices.astype(np.int64, copy=False), values, shape)


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
        if module == "torch._utils" and name == "_rebuild_sparse_tensor":
            return _rebuild_sparse
        if module.split(".")[0] in _INERT and not name.startswith("_rebuild"):
            return type(name, (Inert,), {})
        raise ValueError(
            f"the pickle names {module}.{name}, which no circuit needs; "
            "nothing of it was run. If you trust the file, save it again with the tool it is from"
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


def load(path: Path) -> dict[str, Any]:
    """The dict of a ``.pt`` file; its tensors are arrays.

    :raises ValueError: when it is something else, or names what no circuit needs
    """
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
        raise ValueError(f"it holds a {type(saved).__name__}, not a saved circuit")
    return saved
