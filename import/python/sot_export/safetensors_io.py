"""Reading and writing safetensors files with numpy alone.

A file is the header's length (u64, little endian), a JSON header, and the tensors' bytes. The
header is padded to a multiple of eight, so that the data starts aligned.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import BinaryIO, Mapping

import numpy as np

BFLOAT16 = np.dtype([("bfloat16", "<u2")])
"""Numpy has no bfloat16: arrays of this type hold the bits."""

_DTYPES: dict[str, np.dtype] = {
    "F16": np.dtype("<f2"),
    "BF16": BFLOAT16,
    "F32": np.dtype("<f4"),
    "I32": np.dtype("<i4"),
    "I64": np.dtype("<i8"),
}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def write(
    file: BinaryIO, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors in the mapping's order; equal input gives equal bytes."""
    header: dict[str, object] = {}
    if metadata:
        header["__metadata__"] = dict(metadata)
    offset = 0
    for name, array in tensors.items():
        if array.dtype not in _NAMES:
            raise ValueError(f"{name} is {array.dtype}; allowed: {', '.join(_DTYPES)}")
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    file.write(struct.pack("<Q", len(encoded)))
    file.write(encoded)
    for array in tensors.values():
        file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def save(
    path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors to a file, as :func:`write` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write(file, tensors, metadata)


def load(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors (own memory) and metadata of a file."""
    raw = path.read_bytes()
    if len(raw) < 8 or 8 + struct.unpack_from("<Q", raw)[0] > len(raw):
        raise ValueError(f"{path}: not a safetensors file: the header runs past the end")
    (length,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in _DTYPES:
            raise ValueError(
                f"{path}: {name} is {entry['dtype']}; allowed: {', '.join(_DTYPES)}"
            )
        begin, end = (8 + length + at for at in entry["data_offsets"])
        data = np.frombuffer(raw[begin:end], _DTYPES[entry["dtype"]])
        tensors[name] = data.reshape(entry["shape"]).copy()
    return tensors, metadata
