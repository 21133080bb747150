"""Command line: ``python3 -m sot_lab COMMAND``; the README beside this package says which."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from . import __version__
from .bundle import DICTIONARY_NAME, write_bundle
from .circuits import write_circuits
from .dictionaries import (
    Transcoder,
    TranscoderConfig,
    load_transcoder,
    mlp_samples,
    save_transcoder,
    train_transcoder,
    unexplained_variance,
)
from .faithfulness import COMPARISONS, UNSEEN_SUMS, measure
from .global_circuit import SLUG, write_global_circuit
from .interventions import require_same_weights, run_interventions
from .labels import label_features
from .model import AdditionModel
from .train import TrainingConfig, exact_match, load_model, save_model, train_model

MODEL_FILE = "model.safetensors"
TRANSCODER_FILE = "transcoder_layer_{}.safetensors"
# Sums with long carries, as a batch that is added to the bundle's corpus.
BATCH_PROMPTS = 36
_DEMO = Path(__file__).parents[2] / "demo"
_log = logging.getLogger("sot_lab")


def _train(arguments: argparse.Namespace) -> None:
    weights, seed = arguments.weights, arguments.seed
    path, config = weights / MODEL_FILE, TrainingConfig(seed=seed)
    if path.exists():
        model, trained = load_model(path)
        _require(path, trained, asdict(config))
    else:
        model = train_model(config)
        save_model(path, model, config)
    _log.info(
        "model: exact match on 20,000 held-out sums %.4f, with long carries %.4f",
        exact_match(model, 20_000, 0.0),
        exact_match(model, 20_000, 1.0),
    )
    for layer in range(model.layers):
        _train_layer(weights / TRANSCODER_FILE.format(layer), model, layer, seed)


def _train_layer(path: Path, model: AdditionModel, layer: int, seed: int) -> None:
    config = TranscoderConfig(seed=seed)
    if path.exists():
        transcoder, trained = load_transcoder(path)
        _require(path, trained, asdict(config))
    else:
        transcoder = train_transcoder(model, layer, config)
        save_transcoder(path, transcoder, config)
    x, y = mlp_samples(model, layer, 2000, seed + 12, held_out=True)
    alive = int((transcoder.encode(x) > 0).any(0).sum())
    _log.info(
        "transcoder %d: fraction of variance unexplained on held-out sums %.4f, "
        "%d of %d features active",
        layer,
        unexplained_variance(transcoder, x, y),
        alive,
        config.width,
    )


def _require(path: Path, trained: dict[str, str], wanted: dict[str, object]) -> None:
    for key, value in wanted.items():
        if trained.get(key) != str(value):
            raise SystemExit(
                f"{path}: trained with {key} = {trained.get(key)}, wanted {value}; "
                "delete the file or name another directory with --weights"
            )


def _load(weights: Path) -> tuple[AdditionModel, list[Transcoder]]:
    """The model and its transcoders, as :func:`_train` left them."""
    try:
        model, _ = load_model(weights / MODEL_FILE)
        transcoders = [
            load_transcoder(weights / TRANSCODER_FILE.format(layer))[0]
            for layer in range(model.layers)
        ]
    except FileNotFoundError as missing:
        raise SystemExit(
            f"{missing.filename} is missing: name a directory of trained weights with --weights, "
            "or train some with python3 -m sot_lab train"
        ) from None
    return model, transcoders


def _build(arguments: argparse.Namespace) -> None:
    seed = arguments.seed
    model, transcoders = _load(arguments.weights)
    labels = label_features(model, transcoders, sums=4000, seed=seed + 13)
    _log.info("labels: %d features", len(labels))
    bundle = arguments.out / "bundle"
    write_bundle(bundle, model, transcoders, labels, arguments.prompts, seed)
    batch = arguments.out / "batch"
    write_bundle(batch, model, transcoders, None, BATCH_PROMPTS, seed + 1, carry_share=1.0)
    circuits = arguments.out / "circuits"
    write_circuits(circuits, model, transcoders, DICTIONARY_NAME, labels)
    path = arguments.out / "global" / f"{SLUG}.json"
    write_global_circuit(
        path, model, transcoders, DICTIONARY_NAME, labels, arguments.nodes, seed
    )
    size = sum(file.stat().st_size for file in arguments.out.rglob("*") if file.is_file())
    _log.info("%s: %.1f MB", arguments.out, size / 1e6)


def _faithfulness(arguments: argparse.Namespace) -> None:
    model, transcoders = _load(arguments.weights)
    print(
        measure(
            model,
            transcoders,
            arguments.compare,
            arguments.draws,
            arguments.nodes,
            arguments.seed,
        )
    )


def _interventions(arguments: argparse.Namespace) -> None:
    model, transcoders = _load(arguments.weights)
    require_same_weights(arguments.bundle, transcoders)
    run_interventions(
        arguments.file, arguments.out, model, transcoders, arguments.prompts, arguments.seed
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python3 -m sot_lab",
        description="Train the small addition model and write the demonstration data.",
    )
    parser.add_argument("--version", action="version", version=f"sot_lab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train", help="train the model and its transcoders, as far as they are missing"
    )
    train.set_defaults(run=_train)
    build = commands.add_parser("build", help="write bundle and circuits")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    build.add_argument(
        "--prompts", type=int, default=600, help="prompts in the bundle (default %(default)s)"
    )
    build.add_argument(
        "--nodes",
        type=int,
        default=300,
        help="feature nodes of the whole model's circuit (default %(default)s)",
    )
    build.set_defaults(run=_build)
    faithfulness = commands.add_parser(
        "faithfulness", help="measure compressions by different distances on the model"
    )
    faithfulness.add_argument(
        "--compare",
        choices=COMPARISONS,
        default="compressions",
        help="the default with its variants and baselines, distances by average linkage, or W1 by "
        "its support (default %(default)s)",
    )
    faithfulness.add_argument(
        "--draws",
        type=int,
        default=3,
        help="draws of prompts to average over (default %(default)s)",
    )
    faithfulness.add_argument(
        "--nodes", type=int, default=300, help="nodes of the circuit (default %(default)s)"
    )
    faithfulness.set_defaults(run=_faithfulness)
    interventions = commands.add_parser(
        "interventions", help="run an exported list of interventions on the model"
    )
    interventions.add_argument(
        "file", type=Path, metavar="FILE", help="what sot.export.interventions wrote"
    )
    interventions.add_argument(
        "--out", type=Path, required=True, metavar="RESULTS", help="file of results to write"
    )
    interventions.add_argument(
        "--prompts",
        type=int,
        default=UNSEEN_SUMS,
        help="sums to measure on (default %(default)s)",
    )
    interventions.add_argument(
        "--bundle",
        type=Path,
        default=_DEMO / "bundle",
        metavar="DIR",
        help="the bundle from which the compressions were made (default: the demonstration's)",
    )
    interventions.set_defaults(run=_interventions)
    for command in (train, build, faithfulness, interventions):
        command.add_argument(
            "--weights",
            type=Path,
            default=_DEMO / "weights",
            metavar="DIR",
            help="the trained weights (default: the demonstration's)",
        )
        command.add_argument("--seed", type=int, default=0, help="default %(default)s")
        command.add_argument(
            "--threads",
            type=int,
            default=1,
            help="processor threads; more than one may change last digits (default %(default)s)",
        )
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    torch.set_num_threads(arguments.threads)
    arguments.run(arguments)


if __name__ == "__main__":
    main()
