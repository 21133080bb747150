"""Tests of running interventions, and of the circuit of the whole model."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from .test_lab import random_model, random_transcoders

import numpy as np
import torch

from sot_export import safetensors_io
from sot_lab.attribution import attribute
from sot_lab.bundle import DICTIONARY_NAME
from sot_lab.faithfulness import Replacement, most_variable_nodes, record
from sot_lab.global_circuit import circuit_json, mean_graph
from sot_lab.interventions import (
    Partition,
    read_list,
    require_same_weights,
    run_interventions,
)
from sot_lab.model import encode_sums
from sot_lab.train import sample_sums


class InterventionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = random_model()
        cls.transcoders = random_transcoders(cls.model)
        fitted = record(cls.model, cls.transcoders, 1500, seed=100, held_out=False)
        nodes = most_variable_nodes(fitted.activations, 12)
        cls.members = [
            (int(layer), int(feature), int(position))
            for layer, feature, position in zip(nodes.layers, nodes.features, nodes.positions)
        ]

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.list = Path(directory.name) / "list.jsonl"
        self.out = Path(directory.name) / "results.jsonl"

    def write(self, groups: list[list], others: str = "mean", **changes: object) -> None:
        named = {f"demo/{i}": members for i, members in enumerate(groups)}
        partition = Partition("demo", "", DICTIONARY_NAME, [9, 11], named)
        header = {
            "format": "sot-interventions/1",
            "kinds": ["average", "ablate"],
            "others": others,
            "compressions": 1,
        }
        row = {
            "compression": "demo",
            "partition": partition.computed_hash(),
            "circuit": "tiny",
            "dictionary": DICTIONARY_NAME,
            "readout": [9, 11],
            "supernodes": [
                {"supernode": key, "members": members} for key, members in named.items()
            ],
            **changes,
        }
        self.list.write_text(json.dumps(header) + "\n" + json.dumps(row) + "\n")

    def run_list(self) -> tuple[dict, dict]:
        run_interventions(self.list, self.out, self.model, self.transcoders, 40, seed=0)
        header, *rows = [json.loads(line) for line in self.out.read_text().splitlines()]
        self.assertEqual(len(rows), header["results"])
        self.assertEqual([self.out.name], [f.name for f in self.out.parent.glob("*results*")])
        return header, {(row["kind"], row.get("supernode")): row["measures"] for row in rows}

    def test_transcoders_that_are_not_those_of_the_bundle_are_refused(self) -> None:
        bundle = self.out.parent / "bundle"
        directory = bundle / "dictionaries" / DICTIONARY_NAME
        directory.mkdir(parents=True)
        for layer, transcoder in enumerate(self.transcoders):
            biases = {"b_enc": transcoder.b_enc.numpy(), "b_dec": transcoder.b_dec.numpy()}
            safetensors_io.save(directory / f"layer_{layer}.safetensors", biases, {})
        require_same_weights(bundle, self.transcoders)
        biases["b_dec"] = biases["b_dec"] + np.float32(0.1)
        safetensors_io.save(directory / f"layer_{layer}.safetensors", biases, {})
        with self.assertRaisesRegex(ValueError, f"layer_{layer}.*b_dec.*sot_lab build"):
            require_same_weights(bundle, self.transcoders)

    def test_groups_of_one_are_as_faithful_as_no_compression(self) -> None:
        self.write([[member] for member in self.members])
        header, results = self.run_list()
        self.assertEqual("sot-intervention-results/1", header["format"])
        self.assertEqual(40, header["prompts"])
        average = dict(results["average", None])
        average.pop("faithfulness", None)
        for measure, value in results["uncompressed", None].items():
            self.assertAlmostEqual(value, average[measure], places=5)

    def test_ablating_the_only_supernode_leaves_all_means(self) -> None:
        for others in ("mean", "actual"):
            self.write([self.members], others)
            header, results = self.run_list()
            self.assertEqual(others, header["others"])
            own, means = results["uncompressed", None], results["allMeans", None]
            for measure, change in results["ablate", "demo/0"].items():
                name = measure.removesuffix("Change")
                self.assertAlmostEqual(means[name] - own[name], change, places=6)

    def test_measures_what_the_lab_measures_at_the_positions_read(self) -> None:
        self.write([self.members])
        _, results = self.run_list()
        fitted = record(self.model, self.transcoders, 1500, seed=100, held_out=False)
        unseen = record(self.model, self.transcoders, 40, seed=101, held_out=True)
        nodes = most_variable_nodes(fitted.activations, 12)
        replacement = Replacement(self.model, self.transcoders, nodes, fitted, unseen)
        logits = replacement.logits(replacement.activations)[:, [9, 11]]
        right = logits.argmax(-1) == unseen.tokens[:, [10, 12]]
        own = results["uncompressed", None]
        self.assertAlmostEqual(right.float().mean().item(), own["digitAccuracy"], places=6)
        self.assertAlmostEqual(right.all(1).float().mean().item(), own["exactAccuracy"], places=6)

    def test_others_at_their_own_activations_and_all_nodes_is_the_same_as_no_others(self) -> None:
        unseen = record(self.model, self.transcoders, 20, seed=3, held_out=True)
        everything = most_variable_nodes(unseen.activations, 3 * 11 * 24)
        half = most_variable_nodes(unseen.activations, 40)
        whole = Replacement(self.model, self.transcoders, everything, unseen, unseen)
        part = Replacement(self.model, self.transcoders, half, unseen, unseen, "actual")
        torch.testing.assert_close(
            whole.logits(whole.activations), part.logits(part.activations), atol=1e-4, rtol=1e-4
        )

    def test_says_what_does_not_fit_the_model(self) -> None:
        for wrong, message in (
            ({"dictionary": "other"}, "of the dictionary 'other'"),
            ({"partition": "0"}, "do not have the hash"),
            ({"readout": [3]}, "predicts after the positions"),
        ):
            self.write([self.members], **wrong)
            with self.assertRaisesRegex(SystemExit, message):
                read_list(self.list)
        self.write([self.members, self.members[:1]])
        with self.assertRaisesRegex(SystemExit, "twice"):
            read_list(self.list)
        self.write([self.members])
        self.list.write_text(self.list.read_text().splitlines()[0] + "\n")
        with self.assertRaisesRegex(SystemExit, "it was cut off"):
            read_list(self.list)
        self.write([[(99, 0, 1)]])
        with self.assertRaisesRegex(SystemExit, "no feature"):
            self.run_list()


class GlobalCircuitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = random_model()
        cls.transcoders = random_transcoders(cls.model)

    def test_of_one_prompt_is_its_own_graph_among_the_nodes(self) -> None:
        graph = mean_graph(self.model, self.transcoders, 30, prompts=1, seed=0)
        generator = torch.Generator().manual_seed(102)
        tokens = encode_sums(*sample_sums(1, generator, 0.1, held_out=False))[0].tolist()
        own = attribute(self.model, self.transcoders, tokens[:9])
        index = {tuple(node): i for i, node in enumerate(own.features.tolist())}
        compared = 0
        for i, target in enumerate(graph.features.tolist()):
            for j, source in enumerate(graph.features.tolist()):
                here = index.get(tuple(target)), index.get(tuple(source))
                expected = 0.0 if None in here else own.weights[here].item()
                compared += expected != 0
                self.assertAlmostEqual(expected, graph.weights[i, j].item(), places=5)
        self.assertGreater(compared, 0)

    def test_names_every_node_once_and_links_only_those(self) -> None:
        graph = mean_graph(self.model, self.transcoders, 30, prompts=8, seed=0)
        document = circuit_json(graph, "scan", {})
        ids = [node["node_id"] for node in document["nodes"]]
        self.assertEqual(len(set(ids)), len(ids))
        kinds = [node["feature_type"] for node in document["nodes"]]
        self.assertEqual(30, kinds.count("cross layer transcoder"))
        for link in document["links"]:
            self.assertIn(link["source"], ids)
            self.assertIn(link["target"], ids)
        logits = {n["ctx_idx"] for n in document["nodes"] if n["feature_type"] == "logit"}
        self.assertTrue(logits <= {8, 9, 10, 11})
        self.assertLessEqual(graph.probabilities.sum().item(), 1 + 1e-5)
        self.assertTrue(np.isfinite([link["weight"] for link in document["links"]]).all())


if __name__ == "__main__":
    unittest.main()
