"""The demonstration's activation bundle, format ``sot-bundle/1``."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Mapping, Sequence

import torch

from sot_export.bundle import BundleWriter

from . import __version__
from .dictionaries import Transcoder
from .labels import FeatureLabel
from .model import (
    NORM_EPSILON,
    READ_LENGTH,
    VOCABULARY,
    AdditionModel,
    Capture,
    decode_tokens,
    encode_sums,
)
from .train import sample_sums

MODEL_NAME = "add4l"
DICTIONARY_NAME = "add4l-tc512"

_log = logging.getLogger(__name__)


@torch.no_grad()
def write_bundle(
    directory: Path,
    model: AdditionModel,
    transcoders: Sequence[Transcoder],
    labels: Mapping[tuple[int, int], FeatureLabel] | None,
    prompts: int,
    seed: int,
    carry_share: float = 0.1,
) -> None:
    """Run the model on ``prompts`` held-out sums and write what it did.

    Two thirds of the prompts are marked ``fit``, the rest ``heldout``. States (of the last layer,
    the reference of the ``aligned`` space) and dictionary vectors are rounded to F16; activations,
    those of the unrounded encoders, and the unembedding are in F32.

    :param labels: of the features; None for a further batch, which has states and activations only
    :param carry_share: share of the sums with long carries
    """
    writer = BundleWriter(directory)
    generator = torch.Generator().manual_seed(seed + 777)
    a, b = sample_sums(prompts, generator, carry_share, held_out=True)
    tokens = encode_sums(a, b)[:, :READ_LENGTH]
    capture = Capture()
    model(tokens, capture)

    ids = tokens.tolist()
    writer.lines(
        "positions.jsonl",
        (
            {"prompt": prompt, "position": position, "id": token, "token": VOCABULARY[token]}
            for prompt, row in enumerate(ids)
            for position, token in enumerate(row)
        ),
    )
    fit = prompts * 2 // 3
    order = torch.randperm(prompts, generator=torch.Generator().manual_seed(seed + 778))
    fitted = set(order[:fit].tolist())
    writer.lines(
        "prompts.jsonl",
        (
            {
                "prompt": prompt,
                "text": decode_tokens(row),
                "split": "fit" if prompt in fitted else "heldout",
            }
            for prompt, row in enumerate(ids)
        ),
    )

    last = model.layers - 1
    states = capture.residuals[last].flatten(0, 1).half().numpy()
    states_file = writer.tensors(f"states/layer_{last}.safetensors", {"states": states})
    if labels is not None:
        unembedding_file = writer.tensors(
            "unembedding.safetensors",
            {
                "W_U": model.unembedding.detach().numpy(),
                "norm_weight": model.final_norm.gain.detach().numpy(),
            },
        )
    layers = []
    for layer, transcoder in enumerate(transcoders):
        entry: dict[str, object] = {
            "layer": layer,
            "width": transcoder.w_dec.shape[0],
            "hiddenSize": transcoder.w_dec.shape[1],
        }
        if labels is not None:
            entry["vectors"] = writer.tensors(
                f"dictionaries/{DICTIONARY_NAME}/layer_{layer}.safetensors",
                {
                    "W_enc": transcoder.w_enc.half().numpy(),
                    "W_dec": transcoder.w_dec.half().numpy(),
                    "b_enc": transcoder.b_enc.numpy(),
                    "b_dec": transcoder.b_dec.numpy(),
                },
            )
        codes = transcoder.encode(capture.mlp_inputs[layer].flatten(0, 1)).T
        feature, position = codes.nonzero().T
        entry["activations"] = writer.tensors(
            f"activations/{DICTIONARY_NAME}/layer_{layer}.safetensors",
            {
                "feature": feature.int().numpy(),
                "position": position.int().numpy(),
                "value": codes[feature, position].numpy(),
            },
        )
        layers.append(entry)
    dictionary: dict[str, object] = {
        "name": DICTIONARY_NAME,
        "kind": "transcoder",
        "hook": "mlp.hook_out",
        "activation": "topk",
        "layers": layers,
    }
    if labels is not None:
        dictionary["labels"] = writer.lines(
            f"labels/{DICTIONARY_NAME}.jsonl",
            (
                {
                    "layer": layer,
                    "index": index,
                    "label": label.label,
                    "concept": label.concept,
                    "correlation": label.correlation,
                }
                for (layer, index), label in sorted(labels.items())
            ),
        )
    contents: dict[str, object] = {
        "generator": {"name": "sot_lab", "version": __version__, "seed": seed},
        "model": {"name": MODEL_NAME, "layers": model.layers},
        "positions": tokens.numel(),
        "prompts": prompts,
        "positionsFile": "positions.jsonl",
        "promptsFile": "prompts.jsonl",
        "firstTokenIsSink": True,
        "states": [
            {"layer": last, "hook": f"blocks.{last}.hook_resid_post", "file": states_file}
        ],
    }
    if labels is not None:
        contents["unembedding"] = {
            "normalisation": "layer",
            "epsilon": NORM_EPSILON,
            "file": unembedding_file,
        }
    contents["dictionaries"] = [dictionary]
    writer.finish(contents)
    _log.info("bundle: %d prompts, %d positions", prompts, tokens.numel())
