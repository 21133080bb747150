"""Streams a corpus through a model and writes the activation bundle.

The corpus is cut into *shards* of whole prompts. A shard is computed, written, and entered in a
journal; what a killed run has entered is not computed again. A shard's bytes depend on its prompts
and the settings alone, so that a resumed export equals one in a single run.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, Mapping, Sequence, Sized, Union

import numpy as np
import torch
from torch import Tensor

from . import __version__, safetensors_io
from .bundle import MANIFEST, BundleWriter
from .corpus import Prompt
from .dictionaries import Dictionary, DictionaryLayer
from .model import Model
from .progress import Progress

JOURNAL = "export.journal"
_ENCODED_AT_ONCE = 1 << 25
"""Most activations, zeros included, that are held while a layer is encoded: 128 MB of F32."""

_UNEMBEDDED_AT_ONCE = 1 << 25
"""Most values of the unembedding in a shard."""

_STATE_TYPES = {"F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32}


@dataclass(frozen=True)
class Exported:
    prompts: int
    positions: int
    firings: int


def export(
    directory: Union[str, Path],
    model: Model,
    prompts: Iterable[Prompt],
    states: Mapping[int, str],
    dictionaries: Sequence[Dictionary] = (),
    *,
    first_token_is_sink: bool = True,
    state_type: str = "F16",
    vector_type: str = "F16",
    unembedding: bool = True,
    shard_positions: int = 8192,
    batch_positions: int = 2048,
    progress: bool = True,
) -> Exported:
    """Run ``model`` over ``prompts`` and write states, activations and vectors to ``directory``.

    Called again after it was stopped, with the same arguments and the same corpus, it goes on
    where it was.

    :param prompts: read once, one shard ahead
    :param states: the layers whose states to write, with their sites (``residual_stream``)
    :param first_token_is_sink: whether distributions shall leave out each prompt's first token
    :param state_type: F16, BF16 (exact for a model in bfloat16) or F32
    :param vector_type: the same, of encoders and decoders and of the unembedding
    :param unembedding: whether to write the model's unembedding, where it has one: what the space
        ``logitLens`` needs
    :param shard_positions: most positions of a shard, except that a prompt is never divided. A
        shard is held in memory: for each position its states and 12 bytes a firing
    :param batch_positions: most positions of a forward pass; prompts of one length run together
    :raises ValueError: when something is wrong with an argument, the corpus or what the model
        computes, or when the directory holds another export
    """
    for name in (state_type, vector_type):
        if name not in _STATE_TYPES:
            raise ValueError(f"{name}: the types are {', '.join(_STATE_TYPES)}")
    if shard_positions < 1 or batch_positions < 1:
        raise ValueError("shard_positions and batch_positions are at least 1")
    _check(model, states, dictionaries)
    return _Export(
        Path(directory),
        model,
        states,
        dictionaries,
        first_token_is_sink,
        state_type,
        vector_type,
        unembedding,
        shard_positions,
        batch_positions,
    ).run(prompts, progress)


def _check(
    model: Model, states: Mapping[int, str], dictionaries: Sequence[Dictionary]
) -> None:
    names = [dictionary.name for dictionary in dictionaries]
    if len(set(names)) < len(names):
        raise ValueError(f"two dictionaries have one name: {names}")
    for dictionary in dictionaries:
        if dictionary.kind not in ("sae", "transcoder", "clt"):
            raise ValueError(f"{dictionary.name}: kind {dictionary.kind}: sae, transcoder or clt")
        layers = [layer.layer for layer in dictionary.layers]
        if len(set(layers)) < len(layers):
            raise ValueError(f"{dictionary.name}: two of its layers have one number: {layers}")
    for layer in [*states, *(part.layer for d in dictionaries for part in d.layers)]:
        if not 0 <= layer < model.layers:
            raise ValueError(f"layer {layer}: {model.name} has layers 0 to {model.layers - 1}")


class _Export:
    def __init__(
        self,
        directory: Path,
        model: Model,
        states: Mapping[int, str],
        dictionaries: Sequence[Dictionary],
        first_token_is_sink: bool,
        state_type: str,
        vector_type: str,
        unembedding: bool,
        shard_positions: int,
        batch_positions: int,
    ) -> None:
        self._model = model
        self._states = dict(sorted(states.items()))
        self._dictionaries = dictionaries
        self._sink = first_token_is_sink
        self._state_type = state_type
        self._vector_type = vector_type
        self._unembedding = model.unembedding() if unembedding and model.unembedding else None
        self._shard_positions = shard_positions
        self._batch_positions = batch_positions
        self._writer = BundleWriter(directory)
        self._parts = [(d, layer) for d in dictionaries for layer in d.layers]
        self._sites = {*states.values(), *(layer.site for _, layer in self._parts)}
        self._folders = _folders(dictionaries)

    def run(self, prompts: Iterable[Prompt], show: bool) -> Exported:
        directory = self._writer.directory
        if (directory / MANIFEST).exists():
            raise ValueError(f"{directory} holds a complete bundle; name another directory")
        directory.mkdir(parents=True, exist_ok=True)
        done = self._open_journal(directory / JOURNAL)
        shards: list[dict] = []
        bar = Progress(len(prompts) if isinstance(prompts, Sized) else None, show)
        start = first_prompt = 0
        for number, shard in enumerate(self._shards(prompts)):
            digest = _digest(shard)
            if number + 1 < len(done):
                entry = done[number + 1]
                self._require_same(entry, number, digest)
            else:
                entry = self._write_shard(number, first_prompt, start, shard, bar)
                entry["corpus"] = digest
                self._enter(entry)
            shards.append(entry)
            start += entry["positions"]
            first_prompt += len(shard)
            bar.shard(len(shard), entry["positions"])
        if not shards:
            raise ValueError("the corpus has no prompts")
        if len(done) - 1 > len(shards):
            raise ValueError(
                f"the corpus ends after {len(shards)} shards, but {len(done) - 1} were written "
                "before; export another corpus to another directory"
            )
        exported = Exported(
            prompts=first_prompt,
            positions=start,
            firings=sum(entry["firings"] for entry in shards),
        )
        self._writer.finish(self._contents(exported, len(shards)))
        (directory / JOURNAL).unlink()
        bar.close(f"{directory}: {exported.firings:,} firings")
        return exported

    # The corpus

    def _shards(self, prompts: Iterable[Prompt]) -> Iterator[list[Prompt]]:
        shard: list[Prompt] = []
        positions = 0
        for number, prompt in enumerate(prompts):
            if not prompt.ids or len(prompt.ids) != len(prompt.tokens):
                raise ValueError(
                    f"prompt {number} has {len(prompt.ids)} ids and {len(prompt.tokens)} tokens; "
                    "it needs as many of both, and at least one"
                )
            if shard and positions + len(prompt.ids) > self._shard_positions:
                yield shard
                shard, positions = [], 0
            shard.append(prompt)
            positions += len(prompt.ids)
        if shard:
            yield shard

    # The journal: the settings and vectors, then a line a shard

    def _open_journal(self, path: Path) -> list[dict]:
        """What has been written before; writes settings and vectors where nothing has."""
        settings = self._settings()
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        # A line that a kill cut off has no end.
        try:
            done = [json.loads(line) for line in lines[:-1]]
        except ValueError:
            raise ValueError(f"{path} is damaged; export to another directory") from None
        if not done:
            path.unlink(missing_ok=True)
            names = [*self._write_unembedding(), *self._write_vectors()]
            self._enter({"settings": settings, "files": self._written(names)})
            return [{}]
        before = done[0]["settings"]
        for key, value in settings.items():
            if before.get(key) != value:
                raise ValueError(
                    f"{path.parent} holds an unfinished export with {key} = {before.get(key)}, "
                    f"not {value}; go on with the same settings or name another directory"
                )
        with path.open("wb") as file:
            file.write(b"".join(line + b"\n" for line in lines[:-1]))
        for entry in done:
            for name, (sha256, size) in entry["files"].items():
                file_path = path.parent / name
                if not file_path.exists() or file_path.stat().st_size != size:
                    raise ValueError(
                        f"{file_path} was changed or removed since it was written; "
                        "export to another directory"
                    )
                self._writer.sha256[name] = sha256
        return done

    def _enter(self, entry: Mapping[str, object]) -> None:
        line = json.dumps(entry, separators=(",", ":")) + "\n"
        with (self._writer.directory / JOURNAL).open("ab") as file:
            file.write(line.encode("utf-8"))

    def _require_same(self, entry: Mapping[str, object], number: int, digest: str) -> None:
        if entry["corpus"] != digest:
            raise ValueError(
                f"the prompts of shard {number} are not those written before; "
                "go on with the same corpus or name another directory"
            )

    def _settings(self) -> dict[str, object]:
        return {
            "version": __version__,
            "model": self._model.name,
            "layers": self._model.layers,
            "states": {str(layer): site for layer, site in self._states.items()},
            "dictionaries": [
                [d.name, d.kind, d.hook, d.activation, part.layer, part.site, part.width, part.size]
                for d, part in self._parts
            ],
            "first_token_is_sink": self._sink,
            "state_type": self._state_type,
            "vector_type": self._vector_type,
            "unembedding": self._unembedding is not None,
            "shard_positions": self._shard_positions,
            "batch_positions": self._batch_positions,
        }

    # The files

    def _written(self, names: Iterable[str]) -> dict[str, list]:
        """Hash and size of files, for the journal."""
        directory = self._writer.directory
        return {
            name: [self._writer.sha256[name], (directory / name).stat().st_size] for name in names
        }

    def _write_unembedding(self) -> list[str]:
        if self._unembedding is None:
            return []
        rows, weight = self._unembedding.rows, self._unembedding.weight
        if rows.ndim != 2 or 0 in rows.shape:
            raise ValueError(f"unembedding: the rows are {tuple(rows.shape)}, not [tokens, size]")
        if self._unembedding.normalisation not in ("none", "rms", "layer"):
            kind = self._unembedding.normalisation
            raise ValueError(f"unembedding: normalisation {kind}: none, rms or layer")
        if weight is not None and weight.shape != rows.shape[1:]:
            raise ValueError(
                f"unembedding: the weight is {tuple(weight.shape)}, not ({rows.shape[1]},)"
            )
        names = []
        for number, (first, end) in enumerate(self._unembedding_shards()):
            part = rows[first:end]
            tensors = {"W_U": _array(part, self._vector_type, "unembedding", "vector_type")}
            if number == 0 and weight is not None:
                tensors["norm_weight"] = _array(weight, "F32", "unembedding: weight", "vector_type")
            names.append(
                self._writer.tensors(_shard_file("unembedding", number, "safetensors"), tensors)
            )
        return names

    def _unembedding_shards(self) -> list[tuple[int, int]]:
        tokens, size = self._unembedding.rows.shape
        step = max(1, _UNEMBEDDED_AT_ONCE // size)
        return [(first, min(first + step, tokens)) for first in range(0, tokens, step)]

    def _write_vectors(self) -> list[str]:
        names = []
        for dictionary, part in self._parts:
            if part.vectors is None:
                continue
            vectors = part.vectors()
            place = f"{dictionary.name}, layer {part.layer}"
            shapes = {
                "W_enc": (vectors.encoder, (part.width, part.size), self._vector_type),
                "W_dec": (vectors.decoder, (part.width, part.size), self._vector_type),
                "b_enc": (vectors.encoder_bias, (part.width,), "F32"),
                "b_dec": (vectors.decoder_bias, (part.size,), "F32"),
                "threshold": (vectors.threshold, (part.width,), "F32"),
                "b_pre": (vectors.pre_encoder, (part.size,), "F32"),
            }
            tensors = {}
            for name, (tensor, shape, kind) in shapes.items():
                if tensor is None:
                    continue
                if tuple(tensor.shape) != shape:
                    raise ValueError(f"{place}: {name} is {tuple(tensor.shape)}, not {shape}")
                tensors[name] = _array(tensor, kind, f"{place}: {name}", "vector_type")
            names.append(self._writer.tensors(self._vectors_file(dictionary, part), tensors))
        return names

    def _write_shard(
        self, number: int, first_prompt: int, start: int, shard: Sequence[Prompt], bar: Progress
    ) -> dict[str, object]:
        end = start + sum(len(prompt.ids) for prompt in shard)
        states, firings = self._compute(start, shard, bar)
        held = np.array([start, end], dtype=np.int64)
        names = [
            self._writer.lines(
                _shard_file("positions", number, "jsonl"),
                (
                    {"prompt": first_prompt + i, "position": at, "id": int(token), "token": text}
                    for i, prompt in enumerate(shard)
                    for at, (token, text) in enumerate(zip(prompt.ids, prompt.tokens))
                ),
            ),
            self._writer.lines(
                _shard_file("prompts", number, "jsonl"),
                (
                    {"prompt": first_prompt + i, "text": prompt.text}
                    | ({} if prompt.split is None else {"split": prompt.split})
                    for i, prompt in enumerate(shard)
                ),
            ),
        ]
        for layer, array in states.items():
            names.append(
                self._writer.tensors(
                    _shard_file(f"states/layer_{layer}", number, "safetensors"),
                    {"range": held, "states": array},
                )
            )
        count = 0
        for (dictionary, part), found in zip(self._parts, firings):
            feature, position, value = found
            count += len(feature)
            names.append(
                self._writer.tensors(
                    _shard_file(self._activations_folder(dictionary, part), number, "safetensors"),
                    {"range": held, "feature": feature, "position": position, "value": value},
                )
            )
        return {"positions": end - start, "firings": count, "files": self._written(names)}

    def _compute(
        self, start: int, shard: Sequence[Prompt], bar: Progress
    ) -> tuple[dict[int, np.ndarray], list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
        """States and firings of a shard; firings sorted by (feature, position)."""
        offsets = np.cumsum([0] + [len(prompt.ids) for prompt in shard])
        states: dict[int, np.ndarray] = {}
        firings: list[list[tuple[np.ndarray, ...]]] = [[] for _ in self._parts]
        for batch in self._batches(shard):
            ids = torch.tensor([list(shard[i].ids) for i in batch], dtype=torch.long)
            at = np.concatenate([np.arange(offsets[i], offsets[i + 1]) for i in batch])
            recorded = self._model.record(ids, self._sites)
            for layer, site in self._states.items():
                rows = _rows(recorded, site, ids).flatten(1)
                array = _array(rows, self._state_type, f"states of layer {layer}", "state_type")
                if layer not in states:
                    shape = (offsets[-1], array.shape[1])
                    states[layer] = np.empty(shape, dtype=array.dtype)
                states[layer][at] = array
            for (dictionary, part), found in zip(self._parts, firings):
                rows = _rows(recorded, part.site, ids)
                chunk = max(1, _ENCODED_AT_ONCE // part.width)
                for first in range(0, len(at), chunk):
                    codes = _encode(dictionary, part, rows[first : first + chunk])
                    row, feature = codes.nonzero(as_tuple=True)
                    value = codes[row, feature]
                    position = at[first : first + chunk][row.cpu().numpy()] + start
                    found.append(
                        (
                            feature.cpu().numpy().astype(np.int32),
                            position.astype(np.int32),
                            value.cpu().numpy(),
                        )
                    )
            bar.batch(len(at))
        return states, [_sorted(found) for found in firings]

    def _batches(self, shard: Sequence[Prompt]) -> Iterator[list[int]]:
        """Prompts of one length: they need no padding, which not every model leaves out."""
        by_length: dict[int, list[int]] = {}
        for i, prompt in enumerate(shard):
            by_length.setdefault(len(prompt.ids), []).append(i)
        for length, members in sorted(by_length.items()):
            most = max(1, self._batch_positions // length)
            for first in range(0, len(members), most):
                yield members[first : first + most]

    # Names

    def _vectors_file(self, dictionary: Dictionary, part: DictionaryLayer) -> str:
        return f"dictionaries/{self._folders[dictionary.name]}/layer_{part.layer}.safetensors"

    def _activations_folder(self, dictionary: Dictionary, part: DictionaryLayer) -> str:
        return f"activations/{self._folders[dictionary.name]}/layer_{part.layer}"

    def _contents(self, exported: Exported, shards: int) -> dict[str, object]:
        def files(folder: str, suffix: str) -> list[str]:
            return [_shard_file(folder, number, suffix) for number in range(shards)]

        unembedding = self._unembedding and {
            "normalisation": self._unembedding.normalisation,
            "epsilon": self._unembedding.epsilon,
            "file": [
                _shard_file("unembedding", number, "safetensors")
                for number in range(len(self._unembedding_shards()))
            ],
        }
        return {
            "generator": {"name": "sot_export", "version": __version__},
            "model": {"name": self._model.name, "layers": self._model.layers},
            "positions": exported.positions,
            "prompts": exported.prompts,
            "positionsFile": files("positions", "jsonl"),
            "promptsFile": files("prompts", "jsonl"),
            "firstTokenIsSink": self._sink,
            "states": [
                {"layer": layer, "hook": site, "file": files(f"states/layer_{layer}", "safetensors")}
                for layer, site in self._states.items()
            ],
            **({"unembedding": unembedding} if unembedding else {}),
            "dictionaries": [
                {
                    "name": dictionary.name,
                    "kind": dictionary.kind,
                    "hook": dictionary.hook,
                    "activation": dictionary.activation,
                    "layers": [
                        {
                            "layer": part.layer,
                            "width": part.width,
                            "hiddenSize": part.size,
                            "vectors": self._vectors_file(dictionary, part)
                            if part.vectors is not None
                            else None,
                            "activations": files(
                                self._activations_folder(dictionary, part), "safetensors"
                            ),
                        }
                        for part in dictionary.layers
                    ],
                }
                for dictionary in self._dictionaries
            ],
        }


def _shard_file(folder: str, number: int, suffix: str) -> str:
    return f"{folder}/{number:05d}.{suffix}"


def _folders(dictionaries: Sequence[Dictionary]) -> dict[str, str]:
    """A folder a dictionary, whose name may hold any characters."""
    return {
        dictionary.name: f"{i}-" + re.sub(r"[^A-Za-z0-9._-]+", "-", dictionary.name)
        for i, dictionary in enumerate(dictionaries)
    }


def _digest(shard: Sequence[Prompt]) -> str:
    sha256 = hashlib.sha256()
    for prompt in shard:
        row = [[int(i) for i in prompt.ids], list(prompt.tokens), prompt.text, prompt.split]
        sha256.update(json.dumps(row).encode())
    return sha256.hexdigest()


def _rows(recorded: Mapping[str, Tensor], site: str, ids: Tensor) -> Tensor:
    """[batch, position, ...] -> [batch * position, ...]"""
    tensor = recorded.get(site)
    if tensor is None:
        raise ValueError(f"{site}: the model recorded no such site")
    if tensor.ndim < 3 or tensor.shape[:2] != ids.shape:
        raise ValueError(
            f"{site}: the tensor is {tuple(tensor.shape)}, "
            f"not [{ids.shape[0]}, {ids.shape[1]}, ...]"
        )
    return tensor.flatten(0, 1)


def _encode(dictionary: Dictionary, part: DictionaryLayer, rows: Tensor) -> Tensor:
    """Positive activations, the others zero: [positions, width], F32."""
    place = f"{dictionary.name}, layer {part.layer}"
    with torch.no_grad():
        codes = part.encode(rows).float()
    if codes.shape != (len(rows), part.width):
        raise ValueError(
            f"{place}: activations are {tuple(codes.shape)}, not {(len(rows), part.width)}"
        )
    if not torch.isfinite(codes).all():
        raise ValueError(f"{place}: an activation is not finite")
    return codes.clamp(min=0)


def _sorted(
    found: Sequence[tuple[np.ndarray, ...]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    feature, position, value = (np.concatenate(parts) for parts in zip(*found))
    order = np.lexsort((position, feature))
    return feature[order], position[order], value[order]


def _array(tensor: Tensor, kind: str, what: str, option: str) -> np.ndarray:
    """A tensor as an array of the given type, all of it finite."""
    converted = tensor.detach().to(_STATE_TYPES[kind]).cpu()
    if not torch.isfinite(converted).all():
        overflow = bool(torch.isfinite(tensor).all())
        raise ValueError(
            f"{what}: a value is too large for {kind}; pass {option}='BF16' or 'F32'"
            if overflow
            else f"{what}: a value is not finite"
        )
    if kind == "BF16":
        bits = converted.contiguous().view(torch.int16).numpy()
        return bits.view(safetensors_io.BFLOAT16)
    return converted.numpy()
