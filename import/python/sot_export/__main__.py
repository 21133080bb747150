"""Command line: ``sot-export circuit GRAPH``."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import Any, Optional, Sequence

from . import __version__
from .circuit import circuit_document, circuit_nodes
from .feature_circuit import FeatureCircuit, feature_circuit_document
from .graph import prune
from .graph_file import SavedGraph, read_circuit

_GENERATOR = {"name": "sot_export", "version": __version__}


def _circuit(arguments: argparse.Namespace) -> None:
    saved = read_circuit(arguments.graph)
    convert = _feature_circuit if isinstance(saved, FeatureCircuit) else _attribution_graph
    document, said = convert(arguments, saved)
    out = arguments.out or arguments.graph.with_suffix(".json")
    part = out.with_name(out.name + ".part")
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    part.write_bytes(text.encode("utf-8", "replace"))
    part.replace(out)
    print(f"{out}: {said}")


def _attribution_graph(
    arguments: argparse.Namespace, saved: SavedGraph
) -> tuple[dict[str, object], str]:
    node_threshold, edge_threshold = _thresholds(arguments, 0.8, 0.98)
    if max(node_threshold, edge_threshold) > 1:
        raise ValueError("thresholds of a graph of circuit-tracer are shares, from 0 to 1")
    graph = saved.graph
    slug = arguments.slug or arguments.graph.stem
    scan = arguments.scan or saved.scan
    if scan is None and saved.transcoders:
        scan = "custom-" + hashlib.sha256("-".join(saved.transcoders).encode()).hexdigest()[:16]
    if scan is None:
        raise ValueError(f"{arguments.graph}: the graph does not name its dictionary; pass --scan")
    tokens, logits = _texts(arguments, saved)
    pruning = prune(graph, node_threshold, edge_threshold)
    nodes = circuit_nodes(graph, pruning, tokens, logits)
    document = circuit_document(
        graph,
        pruning,
        nodes,
        slug,
        scan,
        saved.prompt,
        tokens,
        node_threshold,
        edge_threshold,
        _GENERATOR,
        transcoder_list=saved.transcoders,
    )
    return document, (
        f"{len(nodes):,} of {len(graph.weights):,} nodes, "
        f"{int(pruning.links.sum()):,} links, replacement {pruning.replacement_score:.3f}, "
        f"completeness {pruning.completeness_score:.3f} (of the unpruned graph)"
    )


def _feature_circuit(
    arguments: argparse.Namespace, circuit: FeatureCircuit
) -> tuple[dict[str, object], str]:
    node_threshold, edge_threshold = _thresholds(arguments, 0.2, 0.02)
    if arguments.scan is None:
        raise ValueError(
            f"{arguments.graph}: a sparse feature circuit does not name its dictionaries; "
            "pass --scan NAME"
        )
    if arguments.tokenizer is not None:
        raise ValueError("a sparse feature circuit takes --tokens FILE, not --tokenizer")
    tokens = [] if arguments.tokens is None else _token_texts(arguments.tokens)
    if tokens and len(tokens) != circuit.positions:
        positions = "no" if circuit.positions is None else circuit.positions
        raise ValueError(
            f"{arguments.tokens}: {len(tokens)} texts, but the circuit has {positions} positions"
        )
    document = feature_circuit_document(
        circuit,
        arguments.slug or arguments.graph.stem,
        arguments.scan,
        tokens,
        node_threshold,
        edge_threshold,
        _GENERATOR,
    )
    nodes, links = (len(document[key]) for key in ("nodes", "links"))  # type: ignore[arg-type]
    effects = sum(int((effect != 0).sum()) for effect in circuit.effects.values())
    weights = sum(len(weights.values) for weights in circuit.links.values())
    return document, (
        f"{nodes - 1:,} of {effects:,} nodes with an effect above {node_threshold:g} and y, "
        f"{links:,} of {weights:,} links above {edge_threshold:g}"
    )


def _thresholds(
    arguments: argparse.Namespace, node: float, edge: float
) -> tuple[float, float]:
    return (
        node if arguments.node_threshold is None else arguments.node_threshold,
        edge if arguments.edge_threshold is None else arguments.edge_threshold,
    )


def _token_texts(path: Path) -> list[str]:
    tokens = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise ValueError(f"{path}: expected a JSON list of texts")
    return tokens


def _texts(arguments: argparse.Namespace, saved: SavedGraph) -> tuple[list[str], list[str]]:
    """Texts of the prompt's tokens and of the logits."""
    graph = saved.graph
    tokenizer: Optional[Any] = None
    if arguments.tokens is not None:
        tokens = _token_texts(arguments.tokens)
        if len(tokens) != len(graph.tokens):
            raise ValueError(
                f"{arguments.tokens}: {len(tokens)} texts, but the prompt has "
                f"{len(graph.tokens)} tokens"
            )
    else:
        tokenizer = _tokenizer(arguments.tokenizer or saved.tokenizer)
        tokens = [tokenizer.decode([token]) for token in graph.tokens]
    logits = []
    for index, text in zip(graph.logits, saved.logit_texts):
        if text is None:
            text = f"token {index}" if tokenizer is None else tokenizer.decode([index])
        logits.append(text)
    return tokens, logits


def _tokenizer(name: Optional[str]) -> Any:
    remedy = "pass --tokens FILE, a JSON list of the prompt's token texts"
    if name is None:
        raise ValueError(f"the graph does not name a tokenizer; pass --tokenizer, or {remedy}")
    try:
        from transformers import AutoTokenizer
    except ImportError:
        raise ValueError(
            f"transformers is not installed, which reads the tokenizer {name}; {remedy}"
        ) from None
    return AutoTokenizer.from_pretrained(name)


def _threshold(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sot-export", description="Bring circuits and activations into SOT for Neo4j."
    )
    parser.add_argument("--version", action="version", version=f"sot_export {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    circuit = commands.add_parser(
        "circuit",
        help="convert a circuit that circuit-tracer or the tool of sparse feature circuits saved",
        description="Convert a graph that circuit-tracer saved or a sparse feature circuit (.pt) "
        "into the JSON that sot.import.circuit reads. Code in the pickle is not run.",
    )
    circuit.add_argument("graph", type=Path, metavar="GRAPH", help="the .pt file")
    circuit.add_argument("--out", type=Path, metavar="FILE", help="default: GRAPH with .json")
    circuit.add_argument("--slug", help="name of the circuit; default: the file's name")
    circuit.add_argument(
        "--scan",
        metavar="NAME",
        help="name of the dictionary; default: the graph's own. Sparse feature circuits need it",
    )
    circuit.add_argument(
        "--node-threshold",
        type=_threshold,
        metavar="NUMBER",
        help="share of influence that the nodes kept carry (default 0.8); of a sparse feature "
        "circuit the effect above which nodes are kept (default 0.2)",
    )
    circuit.add_argument(
        "--edge-threshold",
        type=_threshold,
        metavar="NUMBER",
        help="the same of links (defaults 0.98 and 0.02)",
    )
    texts = circuit.add_mutually_exclusive_group()
    texts.add_argument(
        "--tokenizer", metavar="NAME", help="HuggingFace tokenizer; default: the model's own"
    )
    texts.add_argument(
        "--tokens", type=Path, metavar="FILE", help="JSON list of the prompt's token texts instead"
    )
    circuit.set_defaults(run=_circuit)
    parsed = parser.parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ValueError, OSError) as problem:
        print(f"sot-export: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
