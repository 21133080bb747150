"""Tests of ``sot-export circuit``."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import types
import unittest
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, NamedTuple

try:
    import numpy as np
    import torch
except ImportError as missing:
    message = f"{missing.name} is not installed: apt-get install python3-torch python3-numpy"
    raise unittest.SkipTest(message) from None

from sot_export.__main__ import main
from sot_export.graph import AttributionGraph, prune, share_threshold
from sot_export.graph_file import read_circuit

LAYERS, TOKENS, LOGITS = 2, 3, 2


@contextlib.contextmanager
def standing_in(**classes: type) -> Iterator[None]:
    """Modules of the names that the classes say they are from, so that they can be pickled."""
    names = {"circuit_tracer", "circuit_tracer.attribution", "circuit_tracer.utils"}
    names |= {cls.__module__ for cls in classes.values()}
    for name in sorted(names):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = []
    for cls in classes.values():
        setattr(sys.modules[cls.__module__], cls.__name__, cls)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


class LogitTarget(NamedTuple):
    token_str: str
    vocab_idx: int


@dataclass
class UnifiedConfig:
    n_layers: int
    tokenizer_name: str
    dtype: object


LogitTarget.__module__ = "circuit_tracer.attribution.targets"
UnifiedConfig.__module__ = "circuit_tracer.utils.tl_nnsight_mapping"


def saved(**changes: object) -> dict[str, object]:
    """What circuit-tracer's Graph.to_pt saves: five active features, of which four are selected."""
    generator = torch.Generator().manual_seed(1)
    active = torch.tensor([[0, 1, 7], [0, 1, 1], [0, 2, 9], [1, 1, 4], [1, 2, 30000]])
    selected = torch.tensor([0, 1, 3, 4])
    size = 4 + (LAYERS + 1) * TOKENS + LOGITS
    weights = torch.zeros(size, size)
    # Sources of a node: tokens, errors and features of earlier layers; logits have them all.
    layer_of = [0, 0, 1, 1] + [0] * TOKENS + [1] * TOKENS + [-1] * TOKENS + [2] * LOGITS
    for target in [0, 1, 2, 3, size - 2, size - 1]:
        for source in range(size - LOGITS):
            if layer_of[source] < layer_of[target]:
                weights[target, source] = torch.randn((), generator=generator)
    return {
        "input_string": "<s>ab",
        "adjacency_matrix": weights,
        "cfg": UnifiedConfig(LAYERS, "org/tokenizer", torch.bfloat16),
        "active_features": active,
        "logit_targets": [LogitTarget("x", 5), LogitTarget('"y', 70000)],
        "logit_probabilities": torch.tensor([0.75, 0.125]),
        "vocab_size": 1000,
        "input_tokens": torch.tensor([2, 10, 11]),
        "selected_features": selected,
        "activation_values": torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]).bfloat16(),
        "scan_name": "org/transcoders",
        **changes,
    }


def naive_pruning(weights, probabilities, node_share, link_share):
    """The arithmetic by plain loops: kept nodes, kept links, cumulative influence, two scores."""
    n, logits = len(weights), len(probabilities)
    features, tokens = 4, TOKENS
    start = np.zeros(n)
    start[n - logits :] = probabilities

    def normalised(a):
        return np.array([np.abs(row) / max(np.abs(row).sum(), 1e-10) for row in a])

    def influence(a):
        total, step = np.zeros(n), start
        for _ in range(n + 1):
            step = step @ a
            total = total + step
        return total

    def threshold(scores, share):
        kept, reached = 0.0, sorted((float(s) for s in np.ravel(scores)), reverse=True)
        for score in reached:
            kept += score / sum(reached)
            if kept >= share - 1e-12:
                return score
        return reached[-1]

    whole = normalised(weights)
    inf = influence(whole)
    nodes = inf >= threshold(inf, node_share)
    nodes[n - logits - tokens :] = True
    own = normalised(weights * np.outer(nodes, nodes))
    scores = own * (influence(own) + start)[:, None]
    links = (scores >= threshold(scores, link_share)) & (scores > 0)
    for _ in range(n):
        for i in range(n - logits - tokens):
            nodes[i] &= links[:, i].any() and (i >= features or links[i].any())
        links &= np.outer(nodes, nodes)
    order = np.argsort(-inf, kind="stable")
    cumulative = np.zeros(n)
    cumulative[order] = np.cumsum(inf[order]) / inf.sum()
    errors = slice(features, features + LAYERS * tokens)
    embedded = slice(errors.stop, errors.stop + tokens)
    replacement = inf[embedded].sum() / (inf[embedded].sum() + inf[errors].sum())
    out = inf + start
    completeness = ((1 - whole[:, errors].sum(1)) * out).sum() / out.sum()
    return nodes, links, cumulative, replacement, completeness


class CircuitTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.path = self.directory / "graph.pt"
        self.tokens = self.directory / "tokens.json"
        self.tokens.write_text(json.dumps(["<s>", "a", "b"]))

    def save(self, **changes: object) -> None:
        with standing_in(target=LogitTarget, cfg=UnifiedConfig):
            torch.save(saved(**changes), self.path)

    def convert(self, *options: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = main(["circuit", str(self.path), "--tokens", str(self.tokens), *options])
        return code, said.getvalue()

    def circuit(self, *options: str) -> dict:
        code, said = self.convert(*options)
        self.assertEqual(0, code, said)
        return json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8"))

    def test_a_graph_becomes_a_circuit_in_circuit_tracers_json(self) -> None:
        self.save()
        circuit = self.circuit("--node-threshold", "1", "--edge-threshold", "1")
        self.assertEqual(["metadata", "qParams", "nodes", "links"], list(circuit))
        metadata = circuit["metadata"]
        self.assertEqual("graph", metadata["slug"])
        self.assertEqual("org/transcoders", metadata["scan"])
        self.assertEqual(("<s>ab", ["<s>", "a", "b"]), (
            metadata["prompt"], metadata["prompt_tokens"]
        ))
        nodes = {node["node_id"]: node for node in circuit["nodes"]}
        # The second selected feature is feature 1 of layer 0 at position 1, whose id is that of
        # the error of layer 1 at position 1.
        self.assertEqual({"0_7_1": 1, "0_1_1": 2, "1_4_1": 4, "1_30000_2": 5}, {
            i: n["activation"] for i, n in nodes.items() if n["activation"] is not None
        })
        self.assertEqual("mlp reconstruction error", nodes["ERR_1_1"]["feature_type"])
        self.assertEqual(30001 * 30002 // 2 + 30000, nodes["1_30000_2"]["feature"])
        self.assertEqual("embedding", nodes["E_10_1"]["feature_type"])
        self.assertEqual('Output "x" (p=0.750)', nodes["3_5_2"]["clerp"])
        self.assertTrue(nodes["3_5_2"]["is_target_logit"])
        self.assertFalse(nodes["3_70000_2"]["is_target_logit"])
        self.assertIsNone(nodes["3_5_2"]["influence"])
        weights = saved()["adjacency_matrix"]
        self.assertEqual(int((weights != 0).sum()), len(circuit["links"]))
        (link,) = [
            l for l in circuit["links"] if (l["source"], l["target"]) == ("0_7_1", "1_30000_2")
        ]
        self.assertAlmostEqual(weights[3, 0].item(), link["weight"], places=5)

    def test_pruning_is_circuit_tracers_arithmetic(self) -> None:
        self.save()
        graph = read_circuit(self.path).graph
        for node_share, link_share in ((0.8, 0.98), (0.5, 0.7), (0.3, 0.4), (1.0, 1.0)):
            found = prune(graph, node_share, link_share)
            nodes, links, cumulative, replacement, completeness = naive_pruning(
                graph.weights.double().numpy(), graph.probabilities.numpy(), node_share, link_share
            )
            self.assertEqual(nodes.tolist(), found.nodes.tolist())
            self.assertEqual(links.tolist(), found.links.tolist())
            first = graph.first_logit
            np.testing.assert_allclose(cumulative[:first], found.cumulative_influence[:first])
            self.assertAlmostEqual(replacement, found.replacement_score)
            self.assertAlmostEqual(completeness, found.completeness_score)

    def test_a_share_is_reached_by_the_fewest_of_the_largest(self) -> None:
        scores = torch.tensor([0.0, 4.0, 1.0, 3.0, 2.0]).double()
        for share, smallest in ((0.3, 4), (0.4, 4), (0.5, 3), (0.95, 1), (1.0, 1), (0.0, 4)):
            self.assertEqual(smallest, share_threshold(scores, share).item(), share)

    def test_a_graph_with_a_cycle_is_refused(self) -> None:
        weights = saved()["adjacency_matrix"].clone()
        weights[[0, 2]] = 0
        weights[0, 2] = weights[2, 0] = 1
        self.save(adjacency_matrix=weights)
        code, said = self.convert()
        self.assertEqual(1, code)
        self.assertIn("the graph has a cycle", said)

    def test_older_graphs_have_ids_without_texts_and_another_name_of_the_dictionary(self) -> None:
        changes = {"logit_targets": torch.tensor([5, 6]), "scan": ["a", "b"]}
        with standing_in(target=LogitTarget, cfg=UnifiedConfig):
            older = saved(**changes)
            del older["scan_name"]
            torch.save(older, self.path)
        circuit = self.circuit()
        self.assertEqual(["a", "b"], circuit["metadata"]["transcoder_list"])
        self.assertRegex(circuit["metadata"]["scan"], "^custom-[0-9a-f]{16}$")
        self.assertIn('Output "token 5" (p=0.750)', [n["clerp"] for n in circuit["nodes"]])

    def test_code_in_a_pickle_is_refused_by_name_and_not_run(self) -> None:
        mark = self.directory / "mark"

        class Touch:
            def __reduce__(self):
                return Path.touch, (mark,)

        class Evaluate:
            def __reduce__(self):
                return eval, (f"open({str(mark)!r}, 'w')",)

        class Load:
            def __reduce__(self):
                return torch.load, (str(mark),)

        for hostile, name in ((Touch(), "__builtin__.getattr"), (Evaluate(), "__builtin__.eval")):
            self.save(vocab_size=hostile)
            code, said = self.convert()
            self.assertEqual(1, code)
            self.assertRegex(said, f"graph.pt: the pickle names {name}.*nothing of it was run")
        # A function of a library that graphs name becomes an inert record.
        self.save(vocab_size=Load())
        self.circuit()
        self.assertFalse(mark.exists())

    def test_other_files_are_refused_with_what_is_wrong(self) -> None:
        self.path.write_bytes(b"no graph")
        self.assertIn("not a file that torch.save wrote", self.convert()[1])
        torch.save([1, 2], self.path)
        self.assertIn("it holds a list, not a saved circuit", self.convert()[1])
        torch.save({"cfg": 1}, self.path)
        self.assertIn("not a circuit of circuit-tracer or of sparse feature circuits", self.convert()[1])
        self.save(adjacency_matrix=torch.zeros(3, 3))
        self.assertIn("make 15 nodes", self.convert()[1])
        self.save(selected_features=torch.tensor([0, 1, 3, 9]))
        self.assertIn("selected_features does not index active_features", self.convert()[1])
        self.save(scan_name=None)
        self.assertIn("pass --scan", self.convert()[1])
        self.save()
        self.tokens.write_text('["a"]')
        self.assertIn("1 texts, but the prompt has 3 tokens", self.convert()[1])
        self.assertFalse(self.path.with_suffix(".json").exists())

    def test_damaged_files_are_refused_or_read_and_nothing_worse(self) -> None:
        self.save()
        sound = self.path.read_bytes()
        generator = np.random.default_rng(5)
        for _ in range(200):
            damaged = bytearray(sound)
            if generator.random() < 0.3:
                del damaged[int(generator.integers(len(damaged))) :]
            for at in generator.integers(0, max(1, len(damaged)), 3):
                if damaged:
                    damaged[at] ^= 1 << int(generator.integers(8))
            self.path.write_bytes(damaged)
            with contextlib.suppress(ValueError):
                read_circuit(self.path)

    def test_damaged_pickles_are_refused_or_read_and_nothing_worse(self) -> None:
        self.save()
        with zipfile.ZipFile(self.path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        (name,) = [name for name in files if name.endswith("data.pkl")]
        generator = np.random.default_rng(6)
        for _ in range(200):
            damaged = bytearray(files[name])
            damaged[int(generator.integers(len(damaged)))] = int(generator.integers(256))
            with zipfile.ZipFile(self.path, "w") as archive:
                for file, data in files.items():
                    archive.writestr(file, bytes(damaged) if file == name else data)
            with contextlib.suppress(ValueError):
                read_circuit(self.path)

    def test_a_tensor_that_reaches_beyond_its_data_is_refused(self) -> None:
        from sot_export.unpickling import _rebuild

        storage = np.arange(6.0)
        np.testing.assert_array_equal([[1, 3], [2, 4]], _rebuild(storage, 1, (2, 2), (1, 2)))
        for offset, size, stride in ((3, (2, 2), (2, 1)), (0, (7,), (1,)), (0, (9,), (0,)),
                                     (-1, (2,), (1,)), (0, (2,), (-1,)), (0, (2, 2), (1,))):
            with self.assertRaises(ValueError):
                _rebuild(storage, offset, size, stride)


class SparseAct:
    """Of the tool of sparse feature circuits, what it saves."""

    def __init__(self, act: torch.Tensor, resc: torch.Tensor) -> None:
        self.act, self.res, self.resc = act, None, resc


SparseAct.__module__ = "activation_utils"


class FeatureCircuitTest(unittest.TestCase):
    """Circuits of two layers and four features a component."""

    names = ("embed", *(f"{kind}_{layer}" for layer in range(2) for kind in ("attn", "mlp", "resid")))

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name) / "sva.pt"
        self.generator = torch.Generator().manual_seed(3)

    def draw(self, *shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=self.generator)

    def saved(self, *positions: int) -> dict[str, object]:
        nodes: dict[str, object] = {
            name: SparseAct(self.draw(*positions, 4), self.draw(*positions, 1))
            for name in self.names
        }
        one = (*positions, 5)
        edges = {
            "embed": {"resid_0": self.draw(*one, *one).to_sparse()},
            "attn_1": {"resid_1": self.draw(*one, *one).to_sparse()},
            "resid_1": {"y": self.draw(*one).to_sparse()},
        }
        return {
            "examples": [{"clean_prefix": torch.tensor([[1, 2]]), "clean_answer": 3}] * 6,
            "nodes": {"y": torch.tensor([0.5, 1.5]), **nodes},
            "edges": edges,
        }

    def convert(self, saved: object, *options: str) -> tuple[int, str]:
        with standing_in(act=SparseAct):
            torch.save(saved, self.path)
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = main(["circuit", str(self.path), *options])
        return code, said.getvalue()

    def circuit(self, saved: object, *options: str) -> dict:
        code, said = self.convert(saved, "--scan", "org/saes", *options)
        self.assertEqual(0, code, said)
        return json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8"))

    def test_holds_what_exceeds_the_thresholds(self) -> None:
        saved = self.saved()
        circuit = self.circuit(saved, "--node-threshold", "0.5", "--edge-threshold", "0.3")
        self.assertEqual("sot-feature-circuit/1", circuit["format"])
        self.assertEqual(
            {"slug": "sva", "dictionary": "org/saes", "prompt": "", "prompt_tokens": [],
             "aggregation": "sum", "examples": 6, "node_threshold": 0.5, "edge_threshold": 0.3},
            {key: value for key, value in circuit["metadata"].items() if key != "info"},
        )
        *nodes, metric = circuit["nodes"]
        self.assertEqual({"id": "y", "component": "y", "layer": 2, "effect": 1.0}, metric)
        expected = {}
        for name in self.names:
            effects = torch.cat([saved["nodes"][name].act, saved["nodes"][name].resc]).tolist()
            for i, effect in enumerate(effects):
                if abs(effect) > 0.5:
                    expected[name, None if i == 4 else i] = effect
        found = {}
        for node in nodes:
            component, layer = node["component"], node.get("layer")
            name = component if layer is None else f"{component}_{layer}"
            feature = node["feature"]
            self.assertEqual(f"{name}/{'error' if feature is None else feature}", node["id"])
            self.assertEqual(component == "embed", layer is None)
            found[name, feature] = node["effect"]
        self.assertEqual(set(expected), set(found))
        for key, effect in expected.items():
            self.assertAlmostEqual(effect, found[key], delta=1e-6)
        ids = {node["id"]: (name, 4 if feature is None else feature)
               for node, (name, feature) in zip(nodes, found)}
        weights = {}
        for source, target in (("embed", "resid_0"), ("attn_1", "resid_1")):
            matrix = saved["edges"][source][target].to_dense()
            for to, (a, i) in ids.items():
                for origin, (b, j) in ids.items():
                    if (a, b) == (target, source) and abs(matrix[i, j]) > 0.3:
                        weights[origin, to] = matrix[i, j].item()
        onto = saved["edges"]["resid_1"]["y"].to_dense()
        for origin, (b, j) in ids.items():
            if b == "resid_1" and abs(onto[j]) > 0.3:
                weights[origin, "y"] = onto[j].item()
        links = {(link["source"], link["target"]): link["weight"] for link in circuit["links"]}
        self.assertEqual(len(circuit["links"]), len(links))
        self.assertEqual(set(weights), set(links))
        self.assertGreater(len(links), 3)
        for key, weight in weights.items():
            self.assertAlmostEqual(weight, links[key], delta=1e-6)

    def test_circuits_that_keep_positions_say_them(self) -> None:
        saved = self.saved(3)
        tokens = self.path.with_name("tokens.json")
        tokens.write_text(json.dumps(["The", " dogs", " run"]))
        circuit = self.circuit(saved, "--tokens", str(tokens))
        self.assertEqual("none", circuit["metadata"]["aggregation"])
        self.assertEqual("The dogs run", circuit["metadata"]["prompt"])
        nodes = {node["id"]: node for node in circuit["nodes"]}
        self.assertEqual({0, 1, 2}, {node.get("position", 0) for node in nodes.values()})
        matrix = saved["edges"]["embed"]["resid_0"].to_dense()
        checked = 0
        for link in circuit["links"]:
            source, target = nodes[link["source"]], nodes[link["target"]]
            if source["component"] == "embed":
                self.assertTrue(link["source"].startswith(f"{source['position']}, embed/"))
                at = [target["position"], target["feature"], source["position"], source["feature"]]
                at = [4 if i is None else i for i in at]
                self.assertAlmostEqual(matrix[tuple(at)].item(), link["weight"], delta=1e-6)
                checked += 1
        self.assertGreater(checked, 10)

    def test_entries_that_are_stored_twice_add_up(self) -> None:
        saved = self.saved()
        indices = torch.tensor([[1, 1], [2, 2]])
        weights = torch.sparse_coo_tensor(indices, torch.tensor([0.75, -0.5]), (5, 5))
        saved["edges"] = {"embed": {"resid_0": weights}}
        (link,) = self.circuit(saved, "--node-threshold", "0")["links"]
        self.assertEqual(
            {"source": "embed/2", "target": "resid_0/1", "weight": 0.25}, link
        )

    def test_says_what_is_wrong(self) -> None:
        saved = self.saved()
        scan = ("--scan", "d")
        wrong_edges = {"embed": {"resid_0": self.draw(5, 4).to_sparse()}}
        unknown = {"embed": {"resid_7": self.draw(5, 5).to_sparse()}}
        without = {**saved["nodes"], "attn_0": SparseAct(self.draw(4), None)}
        tokens = self.path.with_name("tokens.json")
        tokens.write_text('["a"]')
        for changed, options, expected in (
            (saved, (), "does not name its dictionaries; pass --scan"),
            (saved, (*scan, "--tokens", str(tokens)), "1 texts, but the circuit has no positions"),
            ({**saved, "edges": wrong_edges}, scan, "from embed to resid_0 are (5, 4), not (5, 5)"),
            ({**saved, "edges": unknown}, scan, "edges names resid_7, which is not in nodes"),
            ({**saved, "nodes": without}, scan, "attn_0 has no effects of features (act) and"),
            ({**saved, "nodes": {"head_1": saved["nodes"]["embed"]}}, scan, "names 'head_1'"),
        ):
            code, said = self.convert(changed, *options)
            self.assertEqual(1, code, said)
            self.assertIn(expected, said)
        self.assertFalse(self.path.with_suffix(".json").exists())

    def test_damaged_pickles_are_refused_or_read_and_nothing_worse(self) -> None:
        self.circuit(self.saved())
        with zipfile.ZipFile(self.path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        (name,) = [name for name in files if name.endswith("data.pkl")]
        generator = np.random.default_rng(6)
        for _ in range(200):
            damaged = bytearray(files[name])
            damaged[int(generator.integers(len(damaged)))] = int(generator.integers(256))
            with zipfile.ZipFile(self.path, "w") as archive:
                for file, data in files.items():
                    archive.writestr(file, bytes(damaged) if file == name else data)
            with contextlib.suppress(ValueError):
                read_circuit(self.path)


if __name__ == "__main__":
    unittest.main()
