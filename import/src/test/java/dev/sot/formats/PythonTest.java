package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python packages: their own tests, and that what they write is read here. */
class PythonTest {
    private static final String DICTIONARY = "add4l-tc512";

    /**
     * The demonstration's model, untrained, in shards and in a bundle of single files; and a
     * circuit of what circuit-tracer saves.
     */
    private static final String WRITE =
            """
            import json, sys, torch
            from pathlib import Path
            from sot_export.__main__ import main
            from sot_export import Model, export, hooked
            from sot_lab.bundle import write_bundle
            from tests.test_circuit import LogitTarget, UnifiedConfig, saved, standing_in
            from tests.test_export import addition_states, lab_prompts, transcoder_dictionary
            from tests.test_lab import random_model, random_transcoders
            whole, shards = map(Path, sys.argv[1:])
            model = random_model()
            transcoders = random_transcoders(model)
            write_bundle(whole, model, transcoders, {}, prompts=40, seed=0)
            export(
                shards,
                Model("add4l", model.layers, hooked(model)),
                lab_prompts(whole),
                {2: addition_states(model)[2]},
                [transcoder_dictionary(transcoders)],
                shard_positions=100,
                progress=False,
            )
            graph, tokens = whole.parent / "graph.pt", whole.parent / "tokens.json"
            with standing_in(target=LogitTarget, cfg=UnifiedConfig):
                torch.save(saved(), graph)
            tokens.write_text(json.dumps(["<s>", "a", "b"]))
            shares = ["--node-threshold", "1", "--edge-threshold", "1"]
            sys.exit(main(["circuit", str(graph), "--tokens", str(tokens), *shares]))
            """;

    @TempDir Path directory;

    @Test
    void itsOwnTestsPass() throws Exception {
        assumePyTorch();
        Result result = python("-m", "unittest");
        assertThat(result.code).as(result.said).isZero();
        assertThat(result.said).contains("OK");
    }

    @Test
    void whatTheExporterWritesIsRead() throws Exception {
        assumePyTorch();
        Path whole = directory.resolve("whole");
        Path shards = directory.resolve("shards");
        Result result = python("-c", WRITE, whole.toString(), shards.toString());
        assertThat(result.code).as(result.said).isZero();
        circuitIsRead();
        assertThat(shards.resolve("activations/0-add4l-tc512/layer_1/00004.safetensors")).exists();

        ActivationBundle expected = ActivationBundle.open(whole, "whole", ReadListener.NONE);
        ActivationBundle found = ActivationBundle.open(shards, "shards", ReadListener.NONE);
        assertThat(found.positions()).isEqualTo(expected.positions()).isEqualTo(480);
        assertThat(lines(found)).isEqualTo(lines(expected));
        float[] states = states(found);
        float[] all = states(expected);
        assertThat(states).hasSameSizeAs(all);
        for (int i = 0; i < all.length; i++) {
            // Batches of other sizes: the last digit of F16 may be rounded differently.
            assertThat(states[i]).isCloseTo(all[i], within(Math.abs(all[i]) / 512 + 1e-5f));
        }
        for (int layer = 0; layer < 3; layer++) {
            assertThat(firings(found, layer)).isEqualTo(firings(expected, layer)).isNotEmpty();
            assertThat(found.readBiases(DICTIONARY, layer).encoder())
                    .isEqualTo(expected.readBiases(DICTIONARY, layer).encoder());
        }
    }

    private void circuitIsRead() {
        CircuitDocument circuit =
                CircuitReader.read(
                        directory.resolve("graph.json"),
                        "graph.json",
                        CircuitReadOptions.DEFAULT,
                        ReadListener.NONE);
        assertThat(circuit.header().dictionary()).isEqualTo("org/transcoders");
        assertThat(circuit.nodes())
                .filteredOn(node -> node.kind() == CircuitNodeKind.FEATURE)
                .extracting(n -> List.of(n.layer(), n.featureIndex(), n.position(), n.activation()))
                .containsExactly(
                        List.of(0, 7L, 1, 1.0),
                        List.of(0, 1L, 1, 2.0),
                        List.of(1, 4L, 1, 4.0),
                        List.of(1, 30000L, 2, 5.0));
        assertThat(circuit.links().stored()).isEqualTo(circuit.links().total()).isPositive();
        assertThat(circuit.links().ambiguous()).isZero();
    }

    private static List<String> lines(ActivationBundle bundle) {
        List<String> lines = new ArrayList<>();
        bundle.forEachPosition((i, q, p, id, token) -> lines.add(List.of(i, q, p, id) + token));
        bundle.forEachPrompt((i, text, split) -> lines.add(i + text + split));
        return lines;
    }

    private static float[] states(ActivationBundle bundle) {
        float[] all = new float[bundle.positions() * bundle.states().get(0).dimension()];
        bundle.readStates(
                2,
                64,
                (row, rows, dimension, values) ->
                        System.arraycopy(values, 0, all, (int) row * dimension, rows * dimension));
        return all;
    }

    /** Positions by feature. */
    private static Map<Integer, String> firings(ActivationBundle bundle, int layer) {
        Map<Integer, String> firings = new LinkedHashMap<>();
        bundle.readActivations(
                DICTIONARY, layer, (f, positions, v) -> firings.put(f, Arrays.toString(positions)));
        return firings;
    }

    private static void assumePyTorch() throws Exception {
        assumeTrue(
                python("-c", "import numpy, torch").code == 0,
                "skipped: Python with torch and numpy is not installed: apt-get install"
                        + " python3-torch python3-numpy");
    }

    private record Result(int code, String said) {}

    private static Result python(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3"));
        if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
            command.set(0, "/usr/bin/python3");
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(Path.of("python").toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        // Small models: threads would only wait for one another.
        builder.environment().put("OMP_NUM_THREADS", "1");
        try {
            Process process = builder.start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), said);
        } catch (IOException e) {
            return abort("skipped: there is no Python: " + e.getMessage());
        }
    }
}
