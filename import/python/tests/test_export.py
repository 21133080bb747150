"""Tests of the exporter; ``/usr/bin/python3 -m unittest`` from the directory that holds it."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import signal
import sys
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Callable, Collection, Iterator, Mapping
from unittest import mock

try:
    import numpy as np
    import torch
except ImportError as missing:
    message = f"{missing.name} is not installed: apt-get install python3-torch python3-numpy"
    raise unittest.SkipTest(message) from None

from torch import Tensor, nn

from sot_export import (
    Dictionary,
    DictionaryLayer,
    Model,
    Prompt,
    Unembedding,
    Vectors,
    circuit_tracer,
    export,
    exporter,
    hooked,
    residual_stream,
    saelens,
    safetensors_io,
    tokenize,
)
from sot_export.exporter import JOURNAL
from sot_lab.bundle import DICTIONARY_NAME, write_bundle
from sot_lab.dictionaries import Transcoder
from sot_lab.model import NORM_EPSILON, VOCABULARY, AdditionModel, Capture

from .test_lab import random_model, random_transcoders

LAB = Path(__file__).resolve().parents[3].parent / "shared" / "lab"


def read(bundle: Path, files: str | list[str]) -> dict[str, np.ndarray]:
    """The tensors of a file, or of its shards put together."""
    shards = [
        safetensors_io.load(bundle / file)[0]
        for file in ([files] if isinstance(files, str) else files)
    ]
    return {name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]}


def lines(bundle: Path, files: str | list[str]) -> list[dict]:
    return [
        json.loads(line)
        for file in ([files] if isinstance(files, str) else files)
        for line in (bundle / file).read_text(encoding="utf-8").splitlines()
    ]


def manifest(bundle: Path) -> dict:
    return json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))


def firings(bundle: Path, files: str | list[str]) -> dict[tuple[int, int], float]:
    """Value by (feature, position)."""
    tensors = read(bundle, files)
    return dict(
        zip(
            zip(tensors["feature"].tolist(), tensors["position"].tolist()),
            tensors["value"].tolist(),
        )
    )


def tree(bundle: Path) -> dict[str, str]:
    return {
        path.relative_to(bundle).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in bundle.rglob("*")
        if path.is_file()
    }


def lab_prompts(bundle: Path) -> list[Prompt]:
    """The corpus of a bundle that sot_lab or the lab wrote."""
    contents = manifest(bundle)
    positions = lines(bundle, contents["positionsFile"])
    prompts = []
    for row in lines(bundle, contents["promptsFile"]):
        own = [p for p in positions[: 4096] if p["prompt"] == row["prompt"]]
        positions = positions[len(own) :]
        prompts.append(
            Prompt([p["id"] for p in own], [p["token"] for p in own], row["text"], row["split"])
        )
    return prompts


def transcoder_dictionary(transcoders: list[Transcoder]) -> Dictionary:
    return Dictionary(
        DICTIONARY_NAME,
        "transcoder",
        [
            DictionaryLayer(
                layer,
                f"blocks.{layer}.mlp_norm",
                transcoder.encode,
                *transcoder.w_dec.shape,
                vectors=lambda t=transcoder: Vectors(t.w_enc, t.w_dec, t.b_enc, t.b_dec),
            )
            for layer, transcoder in enumerate(transcoders)
        ],
        hook="mlp.hook_out",
        activation="topk",
    )


def addition_states(model: AdditionModel) -> dict[int, str]:
    """The residual stream after a layer is what the next one's norm reads."""
    last = model.layers - 1
    return {
        layer: "final_norm:input" if layer == last else f"blocks.{layer + 1}.attention_norm:input"
        for layer in range(model.layers)
    }


class DemonstrationModelTest(unittest.TestCase):
    """The demonstration's model, untrained, exported through hooks."""

    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.root = Path(directory.name)
        cls.network = random_model()
        cls.transcoders = random_transcoders(cls.network)
        cls.direct = cls.root / "direct"
        write_bundle(cls.direct, cls.network, cls.transcoders, {}, prompts=40, seed=0)
        cls.prompts = lab_prompts(cls.direct)
        cls.bundle = cls.root / "exported"
        cls.exported = cls.run_export(cls.bundle)

    @classmethod
    def run_export(cls, directory: Path, record: Callable | None = None, **changes: object):
        norm_weight = cls.network.final_norm.gain
        unembedding = Unembedding(cls.network.unembedding, "layer", NORM_EPSILON, norm_weight)
        model = Model(
            "add4l", cls.network.layers, record or hooked(cls.network), lambda: unembedding
        )
        arguments = {
            "prompts": cls.prompts,
            "states": addition_states(cls.network),
            "dictionaries": [transcoder_dictionary(cls.transcoders)],
            "shard_positions": 100,
            "batch_positions": 40,
            "progress": False,
            **changes,
        }
        return export(directory, model, **arguments)

    def test_states_and_activations_equal_a_direct_dump(self) -> None:
        ids = torch.tensor([list(prompt.ids) for prompt in self.prompts])
        capture = Capture()
        with torch.no_grad():
            self.network(ids, capture)
        contents = manifest(self.bundle)
        self.assertEqual(480, contents["positions"])
        for entry in contents["states"]:
            self.assertEqual(5, len(entry["file"]))
            expected = capture.residuals[entry["layer"]].flatten(0, 1).half().numpy()
            states = read(self.bundle, entry["file"])["states"]
            # Batches of other sizes are summed in another order, which F32 shows in the fifth digit.
            np.testing.assert_allclose(states, expected, rtol=2**-10, atol=2e-5)
        (dictionary,) = contents["dictionaries"]
        for entry, transcoder in zip(dictionary["layers"], self.transcoders):
            codes = transcoder.encode(capture.mlp_inputs[entry["layer"]].flatten(0, 1)).numpy()
            position, feature = codes.nonzero()
            found = firings(self.bundle, entry["activations"])
            self.assertEqual(set(zip(feature.tolist(), position.tolist())), set(found))
            for (f, p), value in found.items():
                self.assertAlmostEqual(float(codes[p, f]), value, delta=1e-4)

    def test_is_the_bundle_that_the_lab_writes_without_hooks(self) -> None:
        ours, theirs = manifest(self.bundle), manifest(self.direct)
        for key in ("model", "positions", "prompts", "firstTokenIsSink"):
            self.assertEqual(theirs[key], ours[key])
        for key in ("positionsFile", "promptsFile"):
            self.assertEqual(lines(self.direct, theirs[key]), lines(self.bundle, ours[key]))
        for our, their in zip(
            ours["dictionaries"][0]["layers"], theirs["dictionaries"][0]["layers"]
        ):
            for name, array in read(self.direct, their["vectors"]).items():
                np.testing.assert_array_equal(array, read(self.bundle, our["vectors"])[name])
            expected = firings(self.direct, their["activations"])
            found = firings(self.bundle, our["activations"])
            self.assertEqual(set(expected), set(found))
        our, their = ours["unembedding"], theirs["unembedding"]
        for key in ("normalisation", "epsilon"):
            self.assertEqual(their[key], our[key])
        expected = read(self.direct, their["file"])
        found = read(self.bundle, our["file"])
        np.testing.assert_array_equal(expected["W_U"].astype(np.float16), found["W_U"])
        np.testing.assert_array_equal(expected["norm_weight"], found["norm_weight"])

    def test_every_file_is_listed_with_its_sha256_and_no_other_is_left(self) -> None:
        files = tree(self.bundle)
        del files["manifest.json"]
        self.assertEqual(files, manifest(self.bundle)["sha256"])
        (dictionary,) = manifest(self.bundle)["dictionaries"]
        found = (firings(self.bundle, layer["activations"]) for layer in dictionary["layers"])
        self.assertEqual(self.exported.firings, sum(map(len, found)))

    def test_shards_are_sorted_and_say_which_positions_they_hold(self) -> None:
        begin = 0
        for file in manifest(self.bundle)["dictionaries"][0]["layers"][1]["activations"]:
            shard, _ = safetensors_io.load(self.bundle / file)
            first, end = shard["range"].tolist()
            self.assertEqual(begin, first)
            self.assertTrue(((shard["position"] >= first) & (shard["position"] < end)).all())
            key = shard["feature"].astype(np.int64) * 1000 + shard["position"]
            self.assertTrue((np.diff(key) > 0).all())
            begin = end
        self.assertEqual(480, begin)

    def test_a_killed_export_goes_on_to_the_same_bytes(self) -> None:
        directory = self.root / "killed"
        record = hooked(self.network)

        def deadly(calls: int) -> Callable:
            def run(ids: Tensor, sites: Collection[str]) -> Mapping[str, Tensor]:
                nonlocal calls
                calls -= 1
                if calls < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return record(ids, sites)

            return run

        # A shard of 8 prompts takes 3 batches: killed in the first, the third and the fourth.
        for calls in (1, 7, 4):
            child = os.fork()
            if child == 0:
                torch.set_num_threads(1)
                self.run_export(directory, deadly(calls))
                os._exit(0)
            self.assertEqual(signal.SIGKILL, os.waitpid(child, 0)[1] & 0x7F)
            self.assertFalse((directory / "manifest.json").exists())
        with (directory / JOURNAL).open("ab") as file:
            file.write(b'{"positions":96,"fir')
        calls = []

        def counting(ids: Tensor, sites: Collection[str]) -> Mapping[str, Tensor]:
            calls.append(len(ids))
            return record(ids, sites)

        exported = self.run_export(directory, counting)
        self.assertEqual(8 * 2, sum(calls))
        self.assertEqual(self.exported, exported)
        self.assertEqual(tree(self.bundle), tree(directory))

    def test_goes_on_only_with_the_same_corpus_settings_and_files(self) -> None:
        directory = self.root / "other"
        record = hooked(self.network)

        def stop(ids: Tensor, sites: Collection[str]) -> Mapping[str, Tensor]:
            if len(tree(directory)) > 12:
                raise KeyboardInterrupt
            return record(ids, sites)

        with self.assertRaises(KeyboardInterrupt):
            self.run_export(directory, stop)
        with self.assertRaisesRegex(ValueError, "state_type = F16, not F32"):
            self.run_export(directory, state_type="F32")
        with self.assertRaisesRegex(ValueError, "shard 0 are not those written before"):
            self.run_export(directory, prompts=self.prompts[1:])
        with self.assertRaisesRegex(ValueError, "no prompts"):
            self.run_export(directory, prompts=[])
        victim = directory / "prompts" / "00000.jsonl"
        victim.write_bytes(victim.read_bytes()[:-5])
        with self.assertRaisesRegex(ValueError, "00000.jsonl was changed or removed"):
            self.run_export(directory)
        with self.assertRaisesRegex(ValueError, "holds a complete bundle"):
            self.run_export(self.bundle)

    def test_prompts_of_any_length_come_in_their_order(self) -> None:
        prompts = [
            Prompt(list(p.ids)[:n], list(p.tokens)[:n], p.text)
            for p, n in zip(self.prompts, [3, 12, 5, 3, 1, 12, 7])
        ]
        directory = self.root / "lengths"
        self.run_export(directory, prompts=iter(prompts), shard_positions=20)
        contents = manifest(directory)
        states = read(directory, contents["states"][1]["file"])["states"]
        at = 0
        for prompt in prompts:
            capture = Capture()
            with torch.no_grad():
                self.network(torch.tensor([list(prompt.ids)]), capture)
            expected = capture.residuals[1][0].half().numpy()
            np.testing.assert_allclose(
                states[at : at + len(expected)], expected, rtol=2**-9, atol=1e-5
            )
            at += len(expected)
        self.assertEqual(contents["positions"], at)

    def test_says_what_is_wrong_and_where(self) -> None:
        record = hooked(self.network)

        def scaled(factor: float) -> Callable:
            return lambda ids, sites: {s: t * factor for s, t in record(ids, sites).items()}

        cases = (
            ({"record": scaled(1e6)}, "states of layer 0: a value is too large for F16.*'BF16'"),
            ({"record": scaled(float("nan"))}, "states of layer 0: a value is not finite"),
            ({"record": lambda ids, sites: {}}, "the model recorded no such site"),
            ({"prompts": [Prompt([1, 2], ["a"], "a")]}, "prompt 0 has 2 ids and 1 tokens"),
            ({"states": {0: "blocks.0.mlp_nrm"}}, "no such module; near: blocks.0.mlp_norm"),
            ({"states": {9: "final_norm:input"}}, "layer 9: add4l has layers 0 to 2"),
            ({"state_type": "F8"}, "F8: the types are F16, BF16, F32"),
        )
        for i, (changes, expected) in enumerate(cases):
            with self.assertRaisesRegex(ValueError, expected):
                self.run_export(self.root / f"wrong-{i}", **changes)

    def test_bfloat16_keeps_large_values(self) -> None:
        record = hooked(self.network)
        directory = self.root / "bfloat16"
        self.run_export(
            directory,
            lambda ids, sites: {s: t * 1e6 for s, t in record(ids, sites).items()},
            dictionaries=[],
            state_type="BF16",
        )
        bits = read(directory, manifest(directory)["states"][0]["file"])["states"]["bfloat16"]
        states = (bits.astype(np.uint32) << 16).view(np.float32)
        expected = read(self.bundle, manifest(self.bundle)["states"][0]["file"])["states"]
        np.testing.assert_allclose(states, 1e6 * expected, rtol=2**-7, atol=1)

    def test_progress_is_a_line_a_shard_where_there_is_no_terminal(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.run_export(self.root / "progress", progress=True)
        text = said.getvalue().splitlines()
        self.assertEqual(6, len(text))
        self.assertIn("40 of 40 prompts, 480 positions written", text[4])
        self.assertIn("firings", text[5])


@unittest.skipUnless(LAB.exists(), f"skipped: shared data not present at {LAB}")
class LabTest(unittest.TestCase):
    """The lab's trained model, which has no modules to hook, beside its numpy dump."""

    def test_equals_the_dump(self) -> None:
        models = self.load("models")
        sae = self.load("sae")
        network = models.AddGPT()
        network.load_state_dict(torch.load(LAB / "data" / "add_model.pt"))
        network.eval()
        kinds = {"add4l-sae512": ("sae", "resid_post"), "add4l-tc512": ("tc", "mlp_in")}
        dictionaries = []
        for name, (kind, site) in kinds.items():
            layers = []
            for layer in range(4):
                arrays, _ = safetensors_io.load(LAB / f"data/add_{kind}_l{layer}.safetensors")
                weights = {key: torch.from_numpy(array) for key, array in arrays.items()}
                encode = lambda x, weights=weights: sae.encode(weights, x)
                width, size = weights["Wd"].shape
                layers.append(DictionaryLayer(layer, f"{site}{layer}", encode, width, size))
            dictionaries.append(Dictionary(name, {"tc": "transcoder"}.get(kind, kind), layers))

        def record(ids: Tensor, sites: Collection[str]) -> Mapping[str, Tensor]:
            cache: dict[str, Tensor] = {}
            with torch.no_grad():
                network.run(ids, cache)
            return {site: cache[site] for site in sites}

        dump = LAB / "bundles" / "add"
        with tempfile.TemporaryDirectory() as directory:
            bundle = Path(directory)
            states = {layer: f"resid_post{layer}" for layer in range(4)}
            export(
                bundle,
                Model("add4l", 4, record),
                lab_prompts(dump),
                states,
                dictionaries,
                progress=False,
            )
            ours, theirs = manifest(bundle), manifest(dump)
            self.assertEqual(theirs["positions"], ours["positions"])
            for key in ("positionsFile", "promptsFile"):
                self.assertEqual(lines(dump, theirs[key]), lines(bundle, ours[key]))
            for our, their in zip(ours["states"], theirs["states"]):
                expected = read(dump, their["file"])["states"].astype(np.float32)
                found = read(bundle, our["file"])["states"].astype(np.float32)
                # Two roundings to F16 of values that differ in their last F32 digit.
                np.testing.assert_allclose(found, expected, rtol=2**-10, atol=2**-14)
            for our, their in zip(ours["dictionaries"], theirs["dictionaries"]):
                self.assertEqual(their["name"], our["name"])
                for a, b in zip(our["layers"], their["layers"]):
                    expected = firings(dump, b["activations"])
                    found = firings(bundle, a["activations"])
                    # Of two equally large activations either may be among the k largest, and the
                    # smallest are zero in the dump's F16. Positions with equal states share that.
                    smallest = {}
                    for (_, p), value in (*expected.items(), *found.items()):
                        smallest[p] = min(value, smallest.get(p, value))
                    for key in set(expected) ^ set(found):
                        value = expected.get(key, found.get(key))
                        self.assertAlmostEqual(
                            smallest[key[1]], value, delta=2**-10 * value + 1e-6, msg=our["name"]
                        )
                    for key in set(expected) & set(found):
                        self.assertAlmostEqual(
                            expected[key], found[key], delta=2**-10 * abs(found[key]) + 1e-6
                        )

    @staticmethod
    def load(name: str):
        spec = importlib.util.spec_from_file_location(f"lab_{name}", LAB / f"code/{name}.py")
        module = importlib.util.module_from_spec(spec)
        written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            spec.loader.exec_module(module)
        finally:
            sys.dont_write_bytecode = written
        return module


class _HookPoint(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x


class _HookedBlock(nn.Module):
    """Of TransformerLens' names, what the tests look at."""

    def __init__(self) -> None:
        super().__init__()
        self.hook_resid_pre, self.hook_resid_mid = _HookPoint(), _HookPoint()
        self.hook_resid_post = _HookPoint()
        self.linear = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        x = self.hook_resid_mid(self.hook_resid_pre(x))
        return self.hook_resid_post(x + torch.tanh(self.linear(x)))


class _HookedTransformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.cfg = SimpleNamespace(model_name="hooked", n_layers=2)
        self.embed = nn.Embedding(11, 6)
        self.blocks = nn.ModuleList(_HookedBlock() for _ in range(2))
        self.hook_dict = {name: m for name, m in self.named_modules() if "hook" in name}

    def forward(self, ids: Tensor, return_type: str | None = "logits") -> None:
        assert return_type is None
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x)


class LlamaDecoderLayer(nn.Module):
    """Of a HuggingFace layer, what the tests look at: names, and a tuple as output."""

    def __init__(self) -> None:
        super().__init__()
        self.post_attention_layernorm, self.mlp = nn.LayerNorm(6), nn.Linear(6, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        return x + self.mlp(self.post_attention_layernorm(x)), None


class _Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(11, 6)
        self.layers = nn.ModuleList(LlamaDecoderLayer() for _ in range(2))

    def forward(self, input_ids: Tensor, use_cache: bool = True) -> Tensor:
        assert not use_cache
        x = self.embed_tokens(input_ids)
        for layer in self.layers:
            x, _ = layer(x)
        return x


class _CausalModel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.config = SimpleNamespace(
            name_or_path="org/llama", num_hidden_layers=2, use_cache=True
        )
        self.model = _Decoder()

    @property
    def base_model(self) -> nn.Module:
        return self.model

    def forward(self, input_ids: Tensor) -> None:
        raise AssertionError("computes logits that nobody asked for")


class ModelTest(unittest.TestCase):
    ids = torch.tensor([[1, 2, 3], [4, 5, 6]])

    def test_transformerlens_models_say_their_name_and_hook_points(self) -> None:
        network = _HookedTransformer()
        model = Model.of(network)
        self.assertEqual(("hooked", 2), (model.name, model.layers))
        sites = residual_stream([0, 1]).values()
        found = model.record(self.ids, list(sites) + ["blocks.1.hook_resid_pre"])
        torch.testing.assert_close(
            found["blocks.0.hook_resid_post"], found["blocks.1.hook_resid_pre"]
        )
        self.assertEqual((2, 3, 6), found["blocks.1.hook_resid_post"].shape)

    def test_huggingface_decoders_have_hook_points_by_the_same_names(self) -> None:
        network = _CausalModel()
        model = Model.of(network)
        self.assertEqual(("org/llama", 2), (model.name, model.layers))
        block = "blocks.1."
        names = ["hook_resid_pre", "hook_resid_mid", "mlp.hook_in", "hook_mlp_out", "hook_resid_post"]
        found = model.record(self.ids, [block + name for name in names])
        pre, mid, mlp_in, mlp_out, post = (found[block + name] for name in names)
        layer = network.model.layers[1]
        torch.testing.assert_close(pre, mid)
        torch.testing.assert_close(mlp_in, layer.post_attention_layernorm(pre))
        torch.testing.assert_close(mlp_out, layer.mlp(mlp_in))
        torch.testing.assert_close(post, mid + mlp_out)

    def test_other_decoders_have_only_the_stream_before_and_after(self) -> None:
        class OtherLayer(LlamaDecoderLayer):
            pass

        network = _CausalModel()
        network.model.layers = nn.ModuleList(OtherLayer() for _ in range(2))
        record = hooked(network)
        record(self.ids, ["blocks.0.hook_resid_post"])
        with self.assertRaisesRegex(ValueError, "blocks.0.hook_resid_mid: there is no such"):
            record(self.ids, ["blocks.0.hook_resid_mid"])

    def test_a_module_that_does_not_say_its_name_needs_one(self) -> None:
        with self.assertRaisesRegex(ValueError, "pass both"):
            Model.of(nn.Linear(2, 2))

    def test_a_large_unembedding_is_written_in_shards_and_can_be_left_out(self) -> None:
        network = _HookedTransformer()
        rows = torch.arange(66.0).reshape(11, 6)
        with tempfile.TemporaryDirectory() as directory:
            bundle = Path(directory)

            def exported(name: str, given: Unembedding, **options: object) -> dict:
                model = Model("m", 2, hooked(network), lambda: given)
                prompts = [Prompt([1, 2], list("ab"), "ab")]
                export(
                    bundle / name, model, prompts, residual_stream([1]), progress=False, **options
                )
                return manifest(bundle / name)

            with mock.patch.object(exporter, "_UNEMBEDDED_AT_ONCE", 24):
                whole = exported("shards", Unembedding(rows, "none"))["unembedding"]
            self.assertEqual(3, len(whole["file"]))
            found = read(bundle / "shards", whole["file"])
            np.testing.assert_array_equal(rows.numpy(), found["W_U"])
            left_out = exported("without", Unembedding(rows, "none"), unembedding=False)
            self.assertNotIn("unembedding", left_out)
            for wrong, expected in (
                (Unembedding(rows[0], "none"), r"the rows are \(6,\)"),
                (Unembedding(rows, "batch"), "normalisation batch: none, rms or layer"),
                (Unembedding(rows, "rms", weight=rows[:, 0]), r"the weight is \(11,\), not \(6,\)"),
            ):
                with self.assertRaisesRegex(ValueError, expected):
                    exported("wrong", wrong)

    def test_hooks_are_taken_off(self) -> None:
        network = _HookedTransformer()
        hooked(network)(self.ids, ["blocks.0.hook_resid_post"])
        self.assertFalse(network.blocks[0].hook_resid_post._forward_hooks)

    def assert_unembeds(self, model: Model, states: Tensor, logits: Tensor) -> None:
        """What the model says of its unembedding gives its logits, but for a constant."""
        found = model.unembedding()
        x = states
        if found.normalisation == "layer":
            x = x - x.mean(-1, keepdim=True)
        if found.normalisation != "none":
            x = x / (x.square().mean(-1, keepdim=True) + found.epsilon).sqrt()
        weight = 1 if found.weight is None else found.weight.to(x.dtype)
        differing = logits - (x * weight) @ found.rows.T
        torch.testing.assert_close(
            differing, differing[0].expand_as(differing), rtol=1e-4, atol=1e-4
        )

    def test_unembeddings_are_found_with_the_normalisation_before(self) -> None:
        states = normal(5, 6)

        class Gemma(nn.Module):
            """Of Gemma's norms, what is unlike others': it multiplies by 1 + weight."""

            def __init__(self) -> None:
                super().__init__()
                self.weight, self.eps = nn.Parameter(normal(6)), 1e-4

            def forward(self, x: Tensor) -> Tensor:
                root = (x.square().mean(-1, keepdim=True) + self.eps).rsqrt()
                return x * root * (1 + self.weight)

        class WithoutWeight(nn.Module):
            """As TransformerLens' when weights are folded."""

            eps = 1e-4

            def forward(self, x: Tensor) -> Tensor:
                x = x - x.mean(-1, keepdim=True)
                return x / (x.square().mean(-1, keepdim=True) + self.eps).sqrt()

        layer = nn.LayerNorm(6)
        nn.init.normal_(layer.weight)
        nn.init.normal_(layer.bias)
        kinds = []
        for norm in (layer, Gemma(), WithoutWeight(), nn.Identity()):
            network = _CausalModel()
            network.model.norm = norm
            head = nn.Linear(6, 11)
            network.get_output_embeddings = lambda: head
            model = Model.of(network)
            with torch.no_grad():
                self.assert_unembeds(model, states, head(norm(states)))
            kinds.append(model.unembedding().normalisation)
            hooked_network = _HookedTransformer()
            hooked_network.ln_final = norm
            hooked_network.unembed = nn.Module()
            hooked_network.unembed.W_U = nn.Parameter(normal(6, 11))
            logits = norm(states) @ hooked_network.unembed.W_U
            with torch.no_grad():
                self.assert_unembeds(Model.of(hooked_network), states, logits.detach())
        self.assertEqual(["layer", "rms", "layer", "none"], kinds)

    def test_an_unembedding_behind_another_normalisation_is_left_out_and_it_is_said(self) -> None:
        network = _CausalModel()
        head = nn.Linear(6, 11)
        network.get_output_embeddings = lambda: head
        for norm, expected in ((None, "was not found"), (nn.Tanh(), "Tanh, is not a known one")):
            if norm is not None:
                network.model.norm = norm
            with self.assertLogs("sot_export", "WARNING") as log:
                self.assertIsNone(Model.of(network).unembedding)
            self.assertIn(expected, log.output[0])
        network.get_output_embeddings = lambda: None
        self.assertIsNone(Model.of(network).unembedding)

    @unittest.skipUnless(find_spec("transformer_lens"), "not installed: transformer_lens")
    def test_transformerlens_itself(self) -> None:
        from transformer_lens import HookedTransformer, HookedTransformerConfig

        network = HookedTransformer(
            HookedTransformerConfig(
                n_layers=2, d_model=8, n_ctx=8, d_head=4, d_vocab=11, act_fn="relu",
                model_name="tiny",
            )
        )
        model = Model.of(network)
        site = "blocks.1.hook_resid_post"
        _, cache = network.run_with_cache(self.ids)
        torch.testing.assert_close(cache[site], model.record(self.ids, [site])[site])
        with torch.no_grad():
            logits = network(self.ids)[0]
        self.assert_unembeds(model, cache[site][0], logits)

    @unittest.skipUnless(find_spec("transformers"), "not installed: transformers")
    def test_transformers_itself(self) -> None:
        from transformers import LlamaConfig, LlamaForCausalLM

        network = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=11, hidden_size=8, intermediate_size=16, num_hidden_layers=2,
                num_attention_heads=2,
            )
        ).eval()
        model = Model.of(network, name="tiny")
        record = model.record
        site = "blocks.0.hook_resid_post"
        expected = network(self.ids, output_hidden_states=True).hidden_states[1]
        torch.testing.assert_close(expected.detach(), record(self.ids, [site])[site])
        found = record(self.ids, ["blocks.1.hook_resid_mid", "blocks.1.hook_mlp_out",
                                  "blocks.1.hook_resid_post"])
        torch.testing.assert_close(
            found["blocks.1.hook_resid_mid"] + found["blocks.1.hook_mlp_out"],
            found["blocks.1.hook_resid_post"],
        )
        with torch.no_grad():
            logits = network(self.ids).logits[0]
        last = found["blocks.1.hook_resid_post"][0]
        self.assert_unembeds(model, last, logits)


@unittest.skipUnless(find_spec("safetensors"), "not installed: safetensors")
class SafetensorsTest(unittest.TestCase):
    def test_safetensors_itself_reads_what_is_written(self) -> None:
        from safetensors.torch import load

        large = torch.tensor([1.5, 3e9]).bfloat16()
        file = io.BytesIO()
        safetensors_io.write(
            file,
            {
                "range": np.array([1, 5]),
                "half": np.arange(6, dtype=np.float16).reshape(2, 3),
                "large": large.view(torch.int16).numpy().view(safetensors_io.BFLOAT16),
                "none": np.zeros((0, 4), np.float32),
            },
        )
        read = load(file.getvalue())
        self.assertEqual([1, 5], read["range"].tolist())
        self.assertEqual((2, 3), read["half"].shape)
        self.assertTrue(torch.equal(large, read["large"]))
        self.assertEqual((0, 4), read["none"].shape)


def normal(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


class _Sae(SimpleNamespace):
    """Of SAELens' SAE, what the adapter looks at."""

    def encode(self, x: Tensor) -> Tensor:
        assert x.dtype == self.W_dec.dtype
        codes = torch.relu((x - self.b_dec) @ self.W_enc + self.b_enc)
        return codes * (codes > self.threshold) if hasattr(self, "threshold") else codes


def sae(layer: int, architecture: str = "standard", **further: object) -> _Sae:
    metadata = SimpleNamespace(hook_name=f"blocks.{layer}.hook_resid_post", hook_layer=None)
    cfg = SimpleNamespace(
        architecture=lambda: architecture,
        apply_b_dec_to_input=True,
        normalize_activations="none",
        metadata=metadata,
    )
    return _Sae(
        cfg=cfg, W_enc=normal(6, 20), W_dec=normal(20, 6), b_enc=normal(20), b_dec=normal(6),
        **further,
    )


class _JumpRelu(nn.Module):
    def __init__(self, threshold: Tensor) -> None:
        super().__init__()
        self.threshold = threshold

    def forward(self, x: Tensor) -> Tensor:
        return x * (x > self.threshold)


class _Transcoder(SimpleNamespace):
    """Of circuit-tracer's SingleLayerTranscoder, what the adapter looks at."""

    def encode(self, x: Tensor) -> Tensor:
        return self.activation_function(x.to(self.W_enc.dtype) @ self.W_enc.T + self.b_enc)


class _CrossLayer(SimpleNamespace):
    """Of circuit-tracer's CrossLayerTranscoder, what the adapter looks at."""

    def encode_layer(self, x: Tensor, layer: int) -> Tensor:
        return torch.relu(x @ self.W_enc[layer].T + self.b_enc[layer])

    def _get_encoder_weights(self, layer: int) -> Tensor:
        return self.W_enc[layer]

    def _get_decoder_vectors(self, layer: int) -> Tensor:
        return self.decoders[layer]


def transcoder_set(layers: int = 2) -> SimpleNamespace:
    return SimpleNamespace(
        transcoders=[
            _Transcoder(
                layer_idx=layer, d_model=6, d_transcoder=20, W_enc=normal(20, 6) + layer,
                W_dec=normal(20, 6), b_enc=normal(20), b_dec=normal(6),
                activation_function=_JumpRelu(torch.full((20,), 0.5)),
            )
            for layer in range(layers)
        ],
        n_layers=layers,
        feature_input_hook="hook_resid_mid",
        feature_output_hook="hook_mlp_out",
        scan="org/transcoders",
    )


class DictionaryTest(unittest.TestCase):
    def exported(self, dictionary: Dictionary) -> tuple[Path, dict]:
        """The dictionary's bundle on the hooked model, checked against its encoder."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        bundle = Path(directory.name)
        model = Model.of(_HookedTransformer())
        prompts = [Prompt([1, 2, 3], list("abc"), "abc"), Prompt([4, 5], list("de"), "de")]
        export(bundle, model, prompts, residual_stream([1]), [dictionary], progress=False)
        (entry,) = manifest(bundle)["dictionaries"]
        for layer, part in zip(entry["layers"], dictionary.layers):
            x = torch.cat(
                [model.record(torch.tensor([p.ids]), [part.site])[part.site][0] for p in prompts]
            )
            codes = part.encode(x)
            found = firings(bundle, layer["activations"])
            self.assertEqual(int((codes > 0).sum()), len(found))
            for (feature, position), value in found.items():
                self.assertAlmostEqual(codes[position, feature].item(), value, delta=1e-5)
        return bundle, entry

    def assert_affine(self, bundle: Path, layer: dict, part: DictionaryLayer) -> None:
        """What is written of the encoder gives the activations: relu or jumprelu."""
        vectors = read(bundle, layer["vectors"])
        x = normal(50, part.size)
        z = (x.numpy() - vectors.get("b_pre", 0)) @ vectors["W_enc"].T.astype(np.float32)
        z += vectors["b_enc"]
        z[z <= np.maximum(0, vectors.get("threshold", 0))] = 0
        np.testing.assert_allclose(part.encode(x).detach().numpy(), z, atol=0.02)

    def test_saes_of_saelens(self) -> None:
        dictionary = saelens([sae(0), sae(1)], "org/saes")
        bundle, entry = self.exported(dictionary)
        self.assertEqual(("sae", "relu", "hook_resid_post"), (
            entry["kind"], entry["activation"], entry["hook"]
        ))
        self.assert_affine(bundle, entry["layers"][1], dictionary.layers[1])

    def test_jumprelu_of_saelens(self) -> None:
        dictionary = saelens(sae(1, "jumprelu", threshold=torch.full((20,), 0.7)), "d")
        bundle, entry = self.exported(dictionary)
        self.assertEqual("jumprelu", entry["activation"])
        self.assert_affine(bundle, entry["layers"][0], dictionary.layers[0])

    def test_vectors_of_other_encoders_are_left_out_and_it_is_said(self) -> None:
        gated, normalised = sae(0, "gated"), sae(0)
        gated.encode = lambda x: torch.relu(x @ gated.W_enc)
        del gated.b_enc
        normalised.cfg.normalize_activations = "layer_norm"
        for one in (gated, normalised):
            with self.assertLogs("sot_export", "WARNING") as log:
                dictionary = saelens(one, "d")
            self.assertIn("its vectors are left out", log.output[0])
            _, entry = self.exported(dictionary)
            self.assertIsNone(entry["layers"][0]["vectors"])

    def test_dictionaries_of_several_kinds_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "several activation functions.*jumprelu"):
            saelens([sae(0), sae(1, "jumprelu")], "d")

    def test_transcoders_of_circuit_tracer(self) -> None:
        inner = transcoder_set()
        for given in (inner, SimpleNamespace(transcoders=inner)):
            dictionary = circuit_tracer(given)
            bundle, entry = self.exported(dictionary)
            self.assertEqual("org/transcoders", entry["name"])
            self.assertEqual(("transcoder", "jumprelu", "hook_mlp_out"), (
                entry["kind"], entry["activation"], entry["hook"]
            ))
            self.assert_affine(bundle, entry["layers"][1], dictionary.layers[1])

    def test_cross_layer_transcoders_of_circuit_tracer(self) -> None:
        clt = _CrossLayer(
            n_layers=2, d_model=6, d_transcoder=20, W_enc=normal(2, 20, 6), b_enc=normal(2, 20),
            b_dec=normal(2, 6), decoders=[normal(20, 2, 6), normal(20, 1, 6)],
            activation_function=torch.relu, feature_input_hook="hook_resid_mid",
            feature_output_hook="hook_mlp_out", scan_name=None,
        )
        with self.assertRaisesRegex(ValueError, "no scan"):
            circuit_tracer(clt)
        dictionary = circuit_tracer(clt, "org/clt")
        bundle, entry = self.exported(dictionary)
        self.assertEqual(("clt", "relu"), (entry["kind"], entry["activation"]))
        self.assert_affine(bundle, entry["layers"][0], dictionary.layers[0])
        written = read(bundle, entry["layers"][0]["vectors"])["W_dec"]
        np.testing.assert_array_equal(clt.decoders[0][:, 0].half().numpy(), written)

    @unittest.skipUnless(find_spec("sae_lens"), "not installed: sae_lens")
    def test_saelens_itself(self) -> None:
        from sae_lens import StandardSAE, StandardSAEConfig

        cfg = StandardSAEConfig(d_in=6, d_sae=20)
        cfg.metadata.hook_name = "blocks.1.hook_resid_post"
        dictionary = saelens(StandardSAE(cfg), "d")
        bundle, entry = self.exported(dictionary)
        self.assert_affine(bundle, entry["layers"][0], dictionary.layers[0])

    @unittest.skipUnless(find_spec("circuit_tracer"), "not installed: circuit_tracer")
    def test_circuit_tracer_itself(self) -> None:
        from circuit_tracer.transcoder.single_layer_transcoder import (
            SingleLayerTranscoder,
            TranscoderSet,
        )

        parts = {}
        for layer in range(2):
            parts[layer] = SingleLayerTranscoder(
                6, 20, torch.relu, layer, device=torch.device("cpu"), dtype=torch.float32
            )
            parts[layer].W_enc.data = normal(20, 6)
        own = TranscoderSet(parts, "hook_resid_mid", "hook_mlp_out", scan="org/set")
        dictionary = circuit_tracer(own)
        bundle, entry = self.exported(dictionary)
        self.assert_affine(bundle, entry["layers"][1], dictionary.layers[1])


class _Tokenizer:
    bos_token_id = 0

    def __call__(self, text: str) -> dict[str, list[int]]:
        return {"input_ids": [ord(c) for c in text]}

    def decode(self, ids: list[int]) -> str:
        return "".join("<s>" if i == 0 else chr(i) for i in ids)


class TokenizeTest(unittest.TestCase):
    def test_puts_the_first_token_before_and_cuts_off(self) -> None:
        (prompt,) = tokenize(["abcdef"], _Tokenizer(), max_tokens=4)
        self.assertEqual([0, 97, 98, 99], prompt.ids)
        self.assertEqual(["<s>", "a", "b", "c"], prompt.tokens)
        (prompt,) = tokenize(["ab"], _Tokenizer(), bos=False)
        self.assertEqual([97, 98], prompt.ids)


if __name__ == "__main__":
    unittest.main()
