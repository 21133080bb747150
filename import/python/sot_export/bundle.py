"""Writes the files of an activation bundle, format ``sot-bundle/1``.

docs/reference/import-activations.md describes the format.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Iterable, Iterator, Mapping

import numpy as np

from . import safetensors_io

FORMAT = "sot-bundle/1"
MANIFEST = "manifest.json"


class _HashingFile:
    """Writes to a file and hashes what it writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return self._file.write(data)


class BundleWriter:
    """Writes files below a directory and keeps their SHA-256.

    A file appears under its name when it is complete. :meth:`finish` writes the manifest, without
    which no importer takes the directory for a bundle.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sha256: dict[str, str] = {}

    def tensors(self, name: str, tensors: Mapping[str, np.ndarray]) -> str:
        """Write a safetensors file; returns its name."""
        with self._file(name) as file:
            safetensors_io.write(file, tensors)
        return name

    def lines(self, name: str, rows: Iterable[Mapping[str, object]]) -> str:
        """Write a file of JSON lines; returns its name."""
        with self._file(name) as file:
            for row in rows:
                text = json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
                # A lone surrogate, half of a character that a tokenizer split, is no text.
                file.write(text.encode("utf-8", "replace"))
        return name

    def finish(self, contents: Mapping[str, object]) -> None:
        """Write the manifest: ``contents`` and the hashes of all files written."""
        hashes = dict(self.sha256)
        text = json.dumps(
            {"format": FORMAT, **contents, "sha256": hashes}, ensure_ascii=False, indent=1
        )
        with self._file(MANIFEST) as file:
            file.write((text + "\n").encode("utf-8"))
        del self.sha256[MANIFEST]

    @contextmanager
    def _file(self, name: str) -> Iterator[BinaryIO]:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            hashing = _HashingFile(file)
            yield hashing  # type: ignore[misc]
        os.replace(part, path)
        self.sha256[name] = hashing.sha256.hexdigest()
