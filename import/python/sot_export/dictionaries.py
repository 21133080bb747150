"""Sparse dictionaries, and adapters to those of SAELens and circuit-tracer.

The adapters look at attributes only and import neither package.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, Callable, Optional, Sequence, Union

import torch
from torch import Tensor

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Vectors:
    """A layer's encoder and decoder; rows are features."""

    encoder: Tensor
    """[width, size]"""
    decoder: Tensor
    """[width, size]"""
    encoder_bias: Tensor
    decoder_bias: Tensor
    threshold: Optional[Tensor] = None
    """[width], of jumprelu."""
    pre_encoder: Optional[Tensor] = None
    """[size], subtracted before encoding."""


@dataclass(frozen=True)
class DictionaryLayer:
    """One layer of a dictionary: ``width`` features with vectors of ``size`` values."""

    layer: int
    site: str
    """What it encodes; see :mod:`sot_export.model`."""
    encode: Callable[[Tensor], Tensor]
    """Activations: [positions, ...] as at the site -> [positions, width]."""
    width: int
    size: int
    vectors: Optional[Callable[[], Vectors]] = None
    """Called once, when the vectors are written."""


@dataclass(frozen=True)
class Dictionary:
    """``name`` is its identity in the database, the one that circuits use."""

    name: str
    kind: str
    """sae, transcoder or clt"""
    layers: Sequence[DictionaryLayer]
    hook: Optional[str] = None
    activation: Optional[str] = None
    """relu, jumprelu or topk; another is kept as it is written here."""


_SAELENS_ACTIVATIONS = {
    "standard": "relu",
    "transcoder": "relu",
    "skip_transcoder": "relu",
    "jumprelu": "jumprelu",
    "jumprelu_transcoder": "jumprelu",
    "jumprelu_skip_transcoder": "jumprelu",
    "topk": "topk",
}


def saelens(saes: Union[Any, Sequence[Any]], name: str) -> Dictionary:
    """SAEs or transcoders of SAELens, one a layer, as one dictionary.

    Vectors are left out, with a warning, where the encoder is not an affine map of the model's
    states: gated dictionaries and those that normalise their input or rescale activations.
    """
    saes = list(saes) if isinstance(saes, (list, tuple)) else [saes]
    layers, kinds, activations, hooks = [], set(), set(), set()
    for sae in saes:
        cfg = sae.cfg
        metadata = getattr(cfg, "metadata", cfg)
        hook_name = metadata.hook_name
        architecture = getattr(cfg, "architecture", "standard")
        architecture = architecture() if callable(architecture) else architecture
        layer = getattr(metadata, "hook_layer", None)
        if layer is None:
            match = re.search(r"\.(\d+)\.", hook_name)
            if match is None:
                raise ValueError(f"{hook_name}: the SAE does not say its layer")
            layer = int(match[1])
        transcoder = "transcoder" in architecture
        kinds.add("transcoder" if transcoder else "sae")
        activations.add(_SAELENS_ACTIVATIONS.get(architecture, architecture))
        written = getattr(metadata, "hook_name_out", None) if transcoder else None
        hooks.add(re.sub(r"^blocks\.\d+\.", "", written or hook_name))
        width, size = sae.W_dec.shape
        affine = (
            hasattr(sae, "b_enc")
            and getattr(cfg, "normalize_activations", None) in (None, "none")
            and not getattr(cfg, "rescale_acts_by_decoder_norm", False)
            and tuple(sae.W_enc.shape) == (size, width)
        )
        if not affine:
            _log.warning("%s: %s: its vectors are left out", name, hook_name)
        layers.append(
            DictionaryLayer(
                layer=int(layer),
                site=hook_name,
                encode=_cast(sae.encode, sae.W_dec),
                width=width,
                size=size,
                vectors=_saelens_vectors(sae) if affine else None,
            )
        )
    return Dictionary(
        name=name,
        kind=_only(kinds, "kinds of dictionary"),
        layers=layers,
        hook=_only(hooks, "hook points"),
        activation=_only(activations, "activation functions"),
    )


def _saelens_vectors(sae: Any) -> Callable[[], Vectors]:
    def vectors() -> Vectors:
        subtracted = getattr(sae.cfg, "apply_b_dec_to_input", False)
        return Vectors(
            encoder=sae.W_enc.T,
            decoder=sae.W_dec,
            encoder_bias=sae.b_enc,
            decoder_bias=sae.b_dec,
            threshold=getattr(sae, "threshold", None),
            pre_encoder=sae.b_dec if subtracted else None,
        )

    return vectors


def circuit_tracer(transcoders: Any, name: Optional[str] = None) -> Dictionary:
    """A TranscoderSet, a CrossLayerTranscoder, or the ReplacementModel that holds one.

    The name is by default the transcoders' ``scan``, which circuit-tracer's graphs carry. The
    decoder of a cross-layer feature is the one that writes to its own layer.
    """
    inner = getattr(transcoders, "transcoders", None)
    if hasattr(inner, "feature_input_hook"):
        transcoders = inner
    scan = getattr(transcoders, "scan", None) or getattr(transcoders, "scan_name", None)
    name = name or (scan if isinstance(scan, str) else None)
    if name is None:
        raise ValueError("the transcoders have no scan: pass the name that the circuits use")
    per_layer = hasattr(transcoders, "transcoders")
    build = _per_layer if per_layer else _cross_layer
    layers = [build(transcoders, layer) for layer in range(transcoders.n_layers)]
    function = (
        transcoders.transcoders[0] if per_layer else transcoders
    ).activation_function
    return Dictionary(
        name=name,
        kind="transcoder" if per_layer else "clt",
        layers=layers,
        hook=transcoders.feature_output_hook,
        activation=_activation(function),
    )


def _per_layer(transcoders: Any, layer: int) -> DictionaryLayer:
    transcoder = transcoders.transcoders[layer]

    def vectors() -> Vectors:
        return Vectors(
            encoder=transcoder.W_enc,
            decoder=transcoder.W_dec,
            encoder_bias=transcoder.b_enc,
            decoder_bias=transcoder.b_dec,
            threshold=_threshold(transcoder.activation_function, transcoder.d_transcoder),
        )

    return DictionaryLayer(
        layer=layer,
        site=f"blocks.{layer}.{transcoders.feature_input_hook}",
        encode=_cast(transcoder.encode, transcoder.b_enc),
        width=transcoder.d_transcoder,
        size=transcoder.d_model,
        vectors=vectors,
    )


def _cross_layer(transcoders: Any, layer: int) -> DictionaryLayer:
    def vectors() -> Vectors:
        threshold = getattr(transcoders.activation_function, "threshold", None)
        return Vectors(
            encoder=transcoders._get_encoder_weights(layer),
            decoder=transcoders._get_decoder_vectors(layer)[:, 0],
            encoder_bias=transcoders.b_enc[layer],
            decoder_bias=transcoders.b_dec[layer],
            threshold=None if threshold is None else threshold[layer].reshape(-1),
        )

    return DictionaryLayer(
        layer=layer,
        site=f"blocks.{layer}.{transcoders.feature_input_hook}",
        encode=_cast(lambda x: transcoders.encode_layer(x, layer), transcoders.b_enc),
        width=transcoders.d_transcoder,
        size=transcoders.d_model,
        vectors=vectors,
    )


def _activation(function: Any) -> str:
    if getattr(function, "threshold", None) is not None:
        return "jumprelu"
    name = getattr(function, "__name__", None) or type(function).__name__
    return name.lower()


def _threshold(function: Any, width: int) -> Optional[Tensor]:
    threshold = getattr(function, "threshold", None)
    return None if threshold is None else torch.as_tensor(threshold).reshape(-1).expand(width)


def _cast(encode: Callable[[Tensor], Tensor], like: Tensor) -> Callable[[Tensor], Tensor]:
    """Encodes on the device and in the type of the dictionary's own weights."""
    return lambda x: encode(x.to(like.device, like.dtype))


def _only(values: set[str], what: str) -> str:
    if len(values) > 1:
        raise ValueError(f"several {what}: {sorted(values)}; export them as dictionaries of one")
    return values.pop()
