"""Reading and writing safetensors files with numpy alone.

A file is the header's length (u64, little endian), a JSON header, and the tensors' bytes. The
header is padded to a multiple of eight, so that the data starts aligned.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Mapping

import numpy as np

_DTYPES = {"F16": "<f2", "F32": "<f4", "I32": "<i4"}
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items()}


def save(
    path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors in the mapping's order; equal input gives equal bytes."""
    header: dict[str, object] = {}
    if metadata:
        header["__metadata__"] = dict(metadata)
    parts: list[bytes] = []
    offset = 0
    for name, array in tensors.items():
        if array.dtype not in _NAMES:
            raise ValueError(f"{path}: {name} is {array.dtype}; allowed: {', '.join(_DTYPES)}")
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        parts.append(data)
        offset += len(data)
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(encoded)))
        file.write(encoded)
        file.writelines(parts)


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
