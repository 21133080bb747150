"""Tests of the lab; ``/usr/bin/python3 -m unittest`` from the directory that holds sot_lab."""

from __future__ import annotations

import hashlib
import json
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path

try:
    import numpy as np
    import torch
except ImportError as missing:
    message = f"{missing.name} is not installed: apt-get install python3-torch python3-numpy"
    raise unittest.SkipTest(message) from None

from sot_export import safetensors_io
from sot_export.graph import prune
from sot_lab.attribution import attribute
from sot_lab.bundle import DICTIONARY_NAME, write_bundle
from sot_lab.circuits import Task, circuit_json
from sot_lab.dictionaries import Transcoder
from sot_lab.faithfulness import (
    Replacement,
    distributions,
    energy_distances,
    hierarchy,
    mean_links,
    mean_pattern,
    most_variable_nodes,
    prompt_space,
    quantized_support,
    record,
    stratified_support,
    strongest_support,
    transport_distances,
    whiten,
)
from sot_lab.labels import FeatureLabel, label_features
from sot_lab.model import AdditionModel, Capture, decode_tokens, encode_sums
from sot_lab.train import TrainingConfig, held_out_table, sample_sums, train_model


def random_model() -> AdditionModel:
    """An untrained model with weights large enough that nothing in it is negligible."""
    model = AdditionModel(size=32, layers=3, heads=4, seed=1)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)
    return model.eval().requires_grad_(False)


def random_transcoders(model: AdditionModel) -> list[Transcoder]:
    generator = torch.Generator().manual_seed(3)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    size = model.size
    return [
        Transcoder(normal(24, size), normal(24), normal(24, size), normal(size), active=5)
        for _ in range(model.layers)
    ]


class SafetensorsTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name) / "x.safetensors"

    def test_gives_back_what_was_written(self) -> None:
        tensors = {
            "half": np.arange(6, dtype=np.float16).reshape(2, 3),
            "single": np.array([1.5, -2.25], dtype=np.float32),
            "index": np.array([[7]], dtype=np.int32),
            "none": np.zeros((0, 4), dtype=np.float32),
        }
        safetensors_io.save(self.path, tensors, {"key": "value"})
        read, metadata = safetensors_io.load(self.path)
        self.assertEqual({"key": "value"}, metadata)
        self.assertEqual(list(tensors), list(read))
        for name, array in tensors.items():
            self.assertEqual(array.dtype, read[name].dtype)
            np.testing.assert_array_equal(array, read[name])

    def test_starts_the_data_on_a_multiple_of_eight(self) -> None:
        safetensors_io.save(self.path, {"x": np.zeros(3, dtype=np.float32)})
        self.assertEqual(0, int.from_bytes(self.path.read_bytes()[:8], "little") % 8)

    def test_refuses_other_types_and_other_files(self) -> None:
        with self.assertRaisesRegex(ValueError, "float64"):
            safetensors_io.save(self.path, {"x": np.zeros(3)})
        self.path.write_bytes(b"not tensors at all")
        with self.assertRaisesRegex(ValueError, "not a safetensors file"):
            safetensors_io.load(self.path)


class LanguageTest(unittest.TestCase):
    def test_writes_sums_with_leading_zeros(self) -> None:
        tokens = encode_sums(torch.tensor([123, 999, 7]), torch.tensor([456, 999, 8]))
        self.assertEqual(
            ["^123+456=0579", "^999+999=1998", "^007+008=0015"],
            [decode_tokens(row) for row in tokens.tolist()],
        )

    def test_never_trains_on_held_out_sums(self) -> None:
        for held_out in (False, True):
            generator = torch.Generator().manual_seed(5)
            a, b = sample_sums(3000, generator, carry_share=0.4, held_out=held_out)
            self.assertEqual(3000, len(a))
            self.assertTrue((held_out_table()[a * 1000 + b] == held_out).all())

    def test_equal_seeds_train_equal_weights(self) -> None:
        config = TrainingConfig(steps=2, batch=8)
        first, second = (train_model(config).state_dict() for _ in range(2))
        for name in first:
            self.assertTrue(torch.equal(first[name], second[name]), name)


class AttributionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = random_model()
        cls.transcoders = random_transcoders(cls.model)
        cls.tokens = Task(457, 368, "tens").tokens
        cls.graph = attribute(cls.model, cls.transcoders, cls.tokens, 10, 0.95)

    def test_links_into_a_node_and_its_bias_add_up_to_its_value(self) -> None:
        graph = self.graph
        torch.testing.assert_close(
            graph.weights.sum(1) + graph.biases, graph.values, rtol=1e-3, atol=1e-3
        )

    def test_a_feature_node_has_the_value_of_its_activation(self) -> None:
        count = len(self.graph.features)
        torch.testing.assert_close(
            self.graph.values[:count], self.graph.activations, rtol=1e-3, atol=1e-3
        )

    def test_a_logit_node_has_the_value_of_its_logit_above_the_mean(self) -> None:
        with torch.no_grad():
            logits = self.model(torch.tensor([self.tokens]))[0, -1]
        torch.testing.assert_close(
            self.graph.values[self.graph.first_logit :],
            logits[self.graph.logits] - logits.mean(),
            rtol=1e-3,
            atol=1e-3,
        )

    def test_a_link_weight_is_the_effect_of_removing_its_source(self) -> None:
        capture = Capture()
        ids = torch.tensor([self.tokens])
        self.model(ids, capture)
        layer, position, index = self.graph.features[3].tolist()
        written = self.graph.activations[3] * self.transcoders[layer].w_dec[index]
        changed = [output.clone() for output in capture.mlp_outputs]
        changed[layer][0, position] -= written
        embeddings = self.model.embed(ids)
        _, whole = self.model.forward_frozen(embeddings, capture.mlp_outputs, capture)
        _, less = self.model.forward_frozen(embeddings, changed, capture)
        effect = (whole - less)[0, -1]
        torch.testing.assert_close(
            self.graph.weights[self.graph.first_logit :, 3],
            effect[self.graph.logits] - effect.mean(),
            rtol=1e-3,
            atol=1e-4,
        )

    def test_pruning_keeps_tokens_and_logits_and_no_loose_features(self) -> None:
        graph, pruning = self.graph, prune(self.graph, 0.8, 0.9)
        self.assertTrue(pruning.nodes[graph.first_embedding :].all())
        kept = pruning.nodes[: graph.first_error].nonzero().flatten()
        self.assertTrue(0 < len(kept) < graph.first_error)
        self.assertTrue(pruning.links.any(0)[kept].all() and pruning.links.any(1)[kept].all())
        self.assertTrue(0 < pruning.replacement_score < 1)
        self.assertTrue(pruning.replacement_score < pruning.completeness_score < 1)

    def test_circuit_names_every_node_once_and_links_only_those(self) -> None:
        label = FeatureLabel("at '='", "position=equals", 0.5)
        labels = {tuple(row[[0, 2]].tolist()): label for row in self.graph.features}
        circuit = circuit_json(self.graph, prune(self.graph, 1.0, 1.0), "slug", "scan", labels)
        ids = [node["node_id"] for node in circuit["nodes"]]
        self.assertEqual(len(ids), len(set(ids)))
        for link in circuit["links"]:
            self.assertIn(link["source"], ids)
            self.assertIn(link["target"], ids)
        features = [n for n in circuit["nodes"] if n["activation"] is not None]
        self.assertEqual({"at '='"}, {node["clerp"] for node in features})
        json.dumps(circuit, allow_nan=False)


class BundleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.model = model = random_model()
        transcoders = random_transcoders(model)
        cls.labels = label_features(model, transcoders, sums=200, seed=4)
        cls.directories = [Path(directory.name) / name for name in ("first", "second")]
        for path in cls.directories:
            write_bundle(path, model, transcoders, cls.labels, prompts=30, seed=0)
        cls.bundle = cls.directories[0]
        cls.manifest = json.loads((cls.bundle / "manifest.json").read_text(encoding="utf-8"))

    def lines(self, name: str) -> list[dict]:
        text = (self.bundle / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def test_every_file_is_listed_with_its_sha256(self) -> None:
        written = {
            path.relative_to(self.bundle).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.bundle.rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
        self.assertEqual(written, self.manifest["sha256"])

    def test_equal_seeds_give_equal_bytes(self) -> None:
        first, second = ((path / "manifest.json").read_bytes() for path in self.directories)
        self.assertEqual(first, second)

    def test_positions_and_prompts_match_the_manifest(self) -> None:
        positions, prompts = self.lines("positions.jsonl"), self.lines("prompts.jsonl")
        self.assertEqual(self.manifest["positions"], len(positions))
        self.assertEqual(self.manifest["prompts"], len(prompts))
        self.assertEqual(10, sum(row["split"] == "heldout" for row in prompts))
        texts = ["".join(p["token"] for p in positions[i : i + 12]) for i in range(0, 360, 12)]
        self.assertEqual([row["text"] for row in prompts], texts)

    def test_a_batch_holds_states_and_activations_of_long_carries_alone(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            batch = Path(directory)
            transcoders = random_transcoders(self.model)
            write_bundle(batch, self.model, transcoders, None, prompts=6, seed=1, carry_share=1.0)
            folders = {path.parent.relative_to(batch).parts[:1] for path in batch.rglob("*.*")}
            self.assertEqual({(), ("activations",), ("states",)}, folders)
            manifest = json.loads((batch / "manifest.json").read_text(encoding="utf-8"))
            self.assertNotIn("unembedding", manifest)
            self.assertEqual(72, manifest["positions"])

    def test_states_have_a_row_a_position(self) -> None:
        (entry,) = self.manifest["states"]
        tensors, _ = safetensors_io.load(self.bundle / entry["file"])
        self.assertEqual((360, 32), tensors["states"].shape)
        self.assertEqual(2, entry["layer"])

    def test_the_unembedding_gives_the_logits_but_for_a_constant(self) -> None:
        entry = self.manifest["unembedding"]
        tensors, _ = safetensors_io.load(self.bundle / entry["file"])
        tokens = torch.tensor([[row["id"] for row in self.lines("positions.jsonl")[:12]]])
        capture = Capture()
        with torch.no_grad():
            logits = self.model(tokens, capture)[0]
        states = capture.residuals[-1][0]
        x = states - states.mean(-1, keepdim=True)
        x = x / (x.square().mean(-1, keepdim=True) + entry["epsilon"]).sqrt()
        rows, weight = (torch.from_numpy(tensors[name]) for name in ("W_U", "norm_weight"))
        made = (x * weight) @ rows.T
        differing = logits - made
        torch.testing.assert_close(differing, differing[:1].expand_as(differing))

    def test_activations_are_positive_and_sorted_by_feature_and_position(self) -> None:
        (dictionary,) = self.manifest["dictionaries"]
        for layer in dictionary["layers"]:
            vectors, _ = safetensors_io.load(self.bundle / layer["vectors"])
            self.assertEqual((layer["width"], layer["hiddenSize"]), vectors["W_dec"].shape)
            tensors, _ = safetensors_io.load(self.bundle / layer["activations"])
            feature, position = (tensors[n].astype(np.int64) for n in ("feature", "position"))
            key = feature * self.manifest["positions"] + position
            self.assertTrue((np.diff(key) > 0).all())
            self.assertTrue((tensors["value"] > 0).all())
            self.assertTrue(0 <= position.min() and position.max() < self.manifest["positions"])
            self.assertLess(feature.max(), layer["width"])

    def test_labels_name_a_concept_and_its_correlation(self) -> None:
        rows = self.lines(f"labels/{DICTIONARY_NAME}.jsonl")
        self.assertEqual(len(self.labels), len(rows))
        for row in rows:
            self.assertTrue(row["label"])
            self.assertRegex(row["concept"], r"^\w+=.+$")
            self.assertTrue(-1 <= row["correlation"] <= 1)


class MeanPatternTest(unittest.TestCase):
    def setUp(self) -> None:
        self.activations = np.random.default_rng(4).random((50, 6)).astype(np.float32)

    def test_groups_of_one_leave_activations_as_they_are(self) -> None:
        replaced = mean_pattern(self.activations, self.activations.mean(0), np.arange(6))
        np.testing.assert_allclose(replaced, self.activations, rtol=1e-6)

    def test_a_group_of_proportional_nodes_loses_nothing(self) -> None:
        scales = np.array([1, 2, 0.5, 7, 100, 0.01], dtype=np.float32)
        proportional = self.activations[:, :1] * scales
        replaced = mean_pattern(proportional, proportional.mean(0), np.zeros(6, int))
        np.testing.assert_allclose(replaced, proportional, rtol=1e-5)

    def test_a_group_fires_as_its_members_do_on_average(self) -> None:
        activations = np.array([[2.0, 0.0, 5.0], [0.0, 6.0, 5.0]])
        replaced = mean_pattern(activations, activations.mean(0), np.array([0, 0, 1]))
        np.testing.assert_allclose(replaced, [[1.0, 3.0, 5.0], [1.0, 3.0, 5.0]])


class FaithfulnessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = random_model()
        cls.transcoders = random_transcoders(cls.model)
        cls.fitted = record(cls.model, cls.transcoders, 60, seed=1, held_out=False)
        cls.unseen = record(cls.model, cls.transcoders, 60, seed=2, held_out=True)

    def test_given_its_own_mlp_outputs_the_model_computes_the_same(self) -> None:
        tokens = self.unseen.tokens[:, :-1]
        capture = Capture()
        logits = self.model(tokens, capture)
        torch.testing.assert_close(logits, self.model(tokens, mlp_outputs=capture.mlp_outputs))

    def test_all_nodes_uncompressed_are_the_transcoders_without_error(self) -> None:
        nodes = most_variable_nodes(self.unseen.activations, 3 * 11 * 24)
        replacement = Replacement(self.model, self.transcoders, nodes, self.unseen, self.unseen)
        z = self.unseen.activations
        outputs = [t.decode(z[:, layer]) for layer, t in enumerate(self.transcoders)]
        for layer, output in enumerate(outputs):
            output[:, 0] = self.unseen.first_outputs[layer]
        logits = self.model(self.unseen.tokens[:, :-1], mlp_outputs=outputs)
        right = logits[:, 8:].argmax(-1) == self.unseen.tokens[:, 9:]
        self.assertAlmostEqual(
            right.float().mean().item(), replacement.accuracy(np.arange(len(nodes))), places=6
        )

    def test_takes_nodes_in_descending_order_of_variance(self) -> None:
        nodes = most_variable_nodes(self.fitted.activations, 20)
        variances = nodes.of(self.fitted.activations).var(0)
        self.assertTrue((np.diff(variances) <= 1e-5).all())
        self.assertNotIn(0, nodes.positions)

    def test_whitened_states_have_unit_variance_and_no_correlation(self) -> None:
        space = whiten(self.fitted.states, 8)[:, 1:].reshape(-1, 8)
        np.testing.assert_allclose(np.cov(space.T, bias=True), np.eye(8), atol=1e-8)

    def test_a_support_has_the_activations_as_weights_until_it_is_sampled(self) -> None:
        activations = np.array([0.0, 3.0, 1.0, 0.0, 4.0])
        rows, weights = stratified_support(activations, 4)
        self.assertEqual([4, 1, 2], rows.tolist())
        np.testing.assert_allclose(weights, [0.5, 0.375, 0.125])
        rows, weights = stratified_support(activations, 2)
        self.assertEqual([4, 1], rows.tolist())
        np.testing.assert_allclose(weights, [0.5, 0.5])
        rows, weights = strongest_support(activations, 2)
        self.assertEqual([4, 1], rows.tolist())
        np.testing.assert_allclose(weights, [4 / 7, 3 / 7])

    def test_a_quantized_support_stands_for_all_rows(self) -> None:
        generator = np.random.default_rng(3)
        points = generator.normal(size=(200, 4))
        activations = np.maximum(generator.normal(size=200), 0)
        rows, weights = quantized_support(points, activations, 20)
        self.assertLessEqual(len(rows), 20)
        self.assertTrue((activations[rows] > 0).all())
        nearest = np.linalg.norm(points[:, None] - points[rows], axis=2).argmin(1)
        expected = np.bincount(nearest, activations / activations.sum(), len(rows))
        np.testing.assert_allclose(weights, expected)

    def test_a_quantized_support_keeps_few_rows_and_merges_equal_points(self) -> None:
        activations = np.array([0.0, 3.0, 1.0, 0.0, 4.0])
        points = np.array([[0.0], [1.0], [2.0], [3.0], [1.0]])
        rows, weights = quantized_support(points, activations, 3)
        self.assertEqual([1, 2, 4], rows.tolist())
        np.testing.assert_allclose(weights, [0.375, 0.125, 0.5])
        rows, weights = quantized_support(points, activations, 2)
        self.assertEqual([1, 2], sorted(rows.tolist()))
        np.testing.assert_allclose(sorted(weights), [0.125, 0.875])

    @unittest.skipUnless(find_spec("scipy"), "not installed: apt-get install python3-scipy")
    def test_linkage_groups_what_is_near(self) -> None:
        at = np.array([0.0, 10.0, 0.1, 10.2, 5.0])
        groups = hierarchy(np.abs(at[:, None] - at), "average")(3)
        self.assertEqual(groups[0], groups[2])
        self.assertEqual(groups[1], groups[3])
        self.assertEqual(3, len(set(groups.tolist())))

    @unittest.skipUnless(find_spec("scipy"), "not installed: apt-get install python3-scipy")
    def test_nodes_that_may_not_be_together_meet_last(self) -> None:
        at = np.array([0.0, 0.1, 10.0, 10.1])
        together = np.array([0, 1, 0, 1])[:, None] == np.array([0, 1, 0, 1])
        for method in ("average", "ward"):
            groups = hierarchy(np.abs(at[:, None] - at), method, together)(2)
            self.assertEqual(groups[0], groups[2])
            self.assertEqual(groups[1], groups[3])

    def test_mean_links_run_to_later_layers(self) -> None:
        nodes = most_variable_nodes(self.fitted.activations, 40)
        links = mean_links(self.model, self.transcoders, nodes, seed=3)
        target, source = links.nonzero()
        self.assertGreater(len(target), 0)
        self.assertTrue((nodes.layers[source] < nodes.layers[target]).all())
        self.assertTrue((nodes.positions[source] <= nodes.positions[target]).all())

    def test_energy_distance_of_points_is_the_root_of_twice_their_distance(self) -> None:
        points = np.array([[0.0, 0.0], [3.0, 4.0]])
        found = energy_distances(points, np.array([[2.0, 0.0, 1.0], [0.0, 5.0, 1.0]]))
        np.testing.assert_allclose(found[0, 1], np.sqrt(10))
        np.testing.assert_allclose(found[0, 2], np.sqrt(2.5))

    def test_prompts_are_placed_by_the_states_that_predict_the_answer(self) -> None:
        states = np.random.default_rng(0).normal(size=(50, 12, 3))
        space = prompt_space(states, 4)
        np.testing.assert_allclose(np.cov(space.T, bias=True), np.eye(4), atol=1e-9)
        states[:, :8] = 0
        np.testing.assert_allclose(prompt_space(states, 4), space)

    @unittest.skipUnless(find_spec("ot"), "not installed: apt-get install python3-pot")
    def test_transport_between_single_points_is_the_ground_cost(self) -> None:
        space = np.array([[[3.0, 0.0]], [[0.0, 4.0]]])
        activations = np.array([[1.0, 0.0], [0.0, 7.0]])
        for cosine, expected in ((False, 5.0), (True, 1.0)):
            nodes = distributions(space, activations, np.array([0, 0]))
            distances = transport_distances(nodes, cosine)
            self.assertAlmostEqual(expected, distances[0, 1])
            self.assertEqual(distances[0, 1], distances[1, 0])


if __name__ == "__main__":
    unittest.main()
