package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmarks on problems so small that they say nothing about speed. */
class BenchCommandTest {
    private static final String BUNDLE = "../import/demo/bundle";
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir Path directory;

    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    private int bench(String... arguments) {
        results.reset();
        messages.reset();
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        return Main.execute(
                new Console(
                        new PrintStream(results, true, StandardCharsets.UTF_8),
                        new PrintStream(messages, true, StandardCharsets.UTF_8)),
                all.toArray(String[]::new));
    }

    private int transport(String... further) {
        List<String> arguments =
                new ArrayList<>(List.of("transport", "--rounds", "2", "--seconds", "0.001"));
        arguments.addAll(List.of("--sizes", "4,6", "--dimension", "3", "--json", json()));
        arguments.addAll(List.of(further));
        return bench(arguments.toArray(String[]::new));
    }

    private String json() {
        return directory.resolve("figures.json").toString();
    }

    private List<JsonNode> rows() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(directory.resolve("figures.json").toFile());
        return StreamSupport.stream(rows.spliterator(), false).toList();
    }

    private String printed() {
        return results.toString(StandardCharsets.UTF_8);
    }

    private String said() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    @Test
    void groupingIsMeasured() throws IOException {
        assertThat(bench("grouping", "--nodes", "40,60", "--links", "5", "--json", json()))
                .as(said())
                .isZero();
        assertThat(printed()).contains("average linkage", "40 nodes", "cut without cycles");
        assertThat(rows()).hasSize(16);
        assertThat(rows().get(0).get("links").asLong()).isEqualTo(200);

        assertThat(bench("grouping", "--nodes", "10", "--links", "5")).isEqualTo(Main.USAGE);
    }

    @Test
    void theGroupListsItsBenchmarks() {
        assertThat(bench("--help")).isZero();
        assertThat(printed()).contains("  transport  ", "  circuit  ", "  approximations  ");

        assertThat(bench()).isEqualTo(Main.USAGE);
        assertThat(said()).contains("transport", "circuit", "--help explains");
    }

    @Test
    void withoutPythonItMeasuresThisLibraryAloneAndSaysSo() throws IOException {
        int code = transport("--kinds", "clustered", "--python", "/absent/python");

        assertThat(code).as(said()).isZero();
        assertThat(said()).contains("No peers: /absent/python", "--python names another");
        assertThat(rows()).extracting(row -> row.get("engine").asText()).contains("sot-plain");
        assertThat(rows())
                .allSatisfy(
                        row -> {
                            assertThat(row.get("engine").asText()).startsWith("sot");
                            assertThat(row.get("ratioToPot").isNull()).isTrue();
                            assertThat(row.get("microsPerPair").asDouble()).isPositive();
                            assertThat(row.get("scaledRelativeDifference").asDouble())
                                    .isLessThan(1e-12);
                        });
        assertThat(printed())
                .contains("Microseconds a pair", "n=4", "n=6")
                .doesNotContain("Python Optimal Transport");
    }

    @Test
    void aPythonWithoutThePackagesIsNamedWithWhatItLacks() throws IOException {
        assumePython();
        // Without its site packages.
        Path bare = script("#!/bin/sh\nexec " + PYTHON + " -S \"$@\"\n");

        assertThat(transport("--kinds", "random", "--python", bare.toString())).isZero();
        assertThat(said()).contains("No peers: " + bare, "No module named");
    }

    @Test
    void somethingElseThanPythonIsNamedWithWhatItSaid() throws IOException {
        Path other = script("#!/bin/sh\necho broken >&2\n");

        assertThat(transport("--python", other.toString())).isEqualTo(Main.FAILED);
        assertThat(said()).contains(other.toString(), "broken");
    }

    @Test
    void everyRowHasTheDocumentedKeysAndPeersAgree() throws IOException {
        assumePeers();

        assertThat(transport("--kinds", "uniform,clustered")).as(said()).isZero();
        assertThat(rows())
                .allSatisfy(
                        row -> {
                            assertThat(names(row).subList(0, 6))
                                    .containsExactly(
                                            "kind",
                                            "n",
                                            "d",
                                            "engine",
                                            "microsPerPair",
                                            "ratioToPot");
                            assertThat(row.get("d").asInt()).isEqualTo(3);
                            assertThat(row.get("relativeDifference").asDouble()).isLessThan(1e-9);
                        });
        assertThat(rows().stream().filter(row -> row.get("engine").asText().equals("pot")))
                .hasSize(4)
                .allSatisfy(row -> assertThat(row.get("ratioToPot").asDouble()).isEqualTo(1));
        JsonNode pot = row("clustered", 6, "pot");
        JsonNode plain = row("clustered", 6, "sot-plain");
        assertThat(plain.get("ratioToPot").asDouble())
                .isCloseTo(
                        plain.get("microsPerPair").asDouble() / pot.get("microsPerPair").asDouble(),
                        within(1e-12));
        assertThat(rows().stream().filter(row -> row.get("engine").asText().equals("scipy")))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.get("kind").asText()).isEqualTo("uniform"));
        assertThat(printed()).contains("Times the processor time of Python Optimal Transport");
        assertThat(printed().lines().findFirst().orElseThrow())
                .contains("Java 17", "load ", "POT ", "SciPy ", "NumPy ");
    }

    @Test
    void enginesTakeTurns() throws IOException {
        assumePeers();
        Path log = directory.resolve("requests");
        Path logging = script("#!/bin/sh\ntee " + log + " | " + PYTHON + " \"$@\"\n");

        assertThat(transport("--kinds", "uniform", "--python", logging.toString()))
                .as(said())
                .isZero();

        List<String> methods = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            JsonNode request = new ObjectMapper().readTree(line);
            if (request.get("kind").asText().equals("SOLVE")) {
                methods.add(request.get("method").asText());
            }
        }
        // Of each size: once with scaled costs, once to see how long it takes, then the rounds.
        assertThat(methods).hasSize(2 * 2 * (2 + 2));
        for (int i = 0; i < methods.size(); i++) {
            assertThat(methods.get(i)).isEqualTo(i % 2 == 0 ? "emd2" : "assignment");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.00001", "float('nan')"})
    void aWrongResultFails(String factor) throws IOException {
        assumePeers();
        Path wrong =
                script(
                        """
                        #!%s
                        import sys, ot
                        right = ot.emd2
                        ot.emd2 = lambda *a, **k: right(*a, **k) * %s
                        exec(sys.argv[2])
                        """
                                .formatted(PYTHON, factor));

        assertThat(transport("--kinds", "random", "--python", wrong.toString()))
                .isEqualTo(Main.FAILED);
        assertThat(said()).contains("sot: pot differs from sot", "random clouds of 4 points");
        assertThat(
                        bench(
                                "circuit",
                                "--kinds",
                                "clustered",
                                "--features",
                                "4",
                                "--size",
                                "3",
                                "--rounds",
                                "1",
                                "--python",
                                wrong.toString()))
                .isEqualTo(Main.FAILED);
        assertThat(said())
                .contains("sot: pot differs from sot", "clustered features, dimension 16");
    }

    @Test
    void theCircuitIsSolvedWholeAndThePeersSampleScaled() throws IOException {
        assumePeers();

        assertThat(circuit("--kinds", "clustered", "--sample", "7")).as(said()).isZero();
        assertThat(rows()).hasSize(2 * (hasVectors() ? 3 : 2));
        assertThat(rows())
                .allSatisfy(
                        row -> {
                            boolean pot = row.get("engine").asText().equals("pot");
                            assertThat(row.get("pairs").asInt()).isEqualTo(15);
                            assertThat(row.get("solved").asInt()).isEqualTo(pot ? 7 : 15);
                            assertThat(row.get("relativeDifference").asDouble()).isLessThan(1e-9);
                        });

        assertThat(circuit("--kinds", "clustered", "--full")).as(said()).isZero();
        assertThat(rows()).allSatisfy(row -> assertThat(row.get("solved").asInt()).isEqualTo(15));
    }

    @Test
    void featuresOfTheDemonstrationAreDrawnFromItsBundle() throws IOException {
        assertThat(circuit("--kinds", "recorded", "--bundle", BUNDLE, "--python", "/absent"))
                .as(said())
                .isZero();
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.get("kind").asText()).isEqualTo("recorded"));

        assertFault("--features", circuit("--bundle", BUNDLE, "--features", "2049"));
        assertFault("--bundle", circuit("--bundle", "/absent"));
    }

    @Test
    void approximationsAreMeasuredOnDrawnAndOnRecordedClouds() throws IOException {
        assertThat(approximations("--bundle", BUNDLE)).as(said()).isZero();
        assertThat(rows())
                .allSatisfy(
                        row -> {
                            assertThat(row.get("microsPerPair").asDouble()).isNotNegative();
                            String is = row.get("is").asText();
                            double share = row.get("share95").asDouble();
                            if (is.equals("lower")) {
                                assertThat(share).isBetween(0.0, 1 + 1e-12);
                            } else if (is.equals("upper")) {
                                assertThat(share).isGreaterThan(1 - 1e-12);
                            } else if (is.equals("exact")) {
                                assertThat(share).isEqualTo(1);
                                assertThat(row.get("spearman").asDouble()).isEqualTo(1);
                            }
                        });
        assertThat(rows())
                .extracting(row -> row.get("method").asText())
                .contains("dual", "centroid", "sliced", "gaussian", "relaxed", "sinkhorn");
        assertThat(rows().stream().map(row -> row.get("distance").asText()).distinct())
                .containsExactly("W1", "W2", "W1 cosine");
        assertThat(printed())
                .contains("Clustered clouds, 5 points in 3 dimensions, W1")
                .contains("1070 recorded features, at most 5 points in 2 dimensions, W1 cosine")
                .contains("Energy distances of all pairs");
    }

    private int approximations(String... further) {
        List<String> arguments =
                new ArrayList<>(List.of("approximations", "--features", "6", "--size", "5"));
        arguments.addAll(List.of("--dimension", "3", "--space", "2", "--pairs", "8"));
        arguments.addAll(List.of("--rounds", "1", "--json", json()));
        arguments.addAll(List.of(further));
        return bench(arguments.toArray(String[]::new));
    }

    @Test
    void tablesCanBeMarkdown() {
        assertThat(transport("--kinds", "random", "--python", "/absent", "--markdown")).isZero();
        assertThat(printed()).contains("| kind | engine | n=4 | n=6 |\n| --- | --- | --: | --: |");
    }

    @Test
    void whatCannotBeMeasuredIsRefusedFirst() {
        assertFault("--sizes", bench("transport", "--sizes", "8,0"));
        assertFault("--dimension", bench("transport", "--dimension", "0"));
        assertFault("--rounds", bench("transport", "--rounds", "0"));
        assertFault("--seconds", bench("transport", "--seconds", "NaN"));
        assertFault("--kinds", bench("transport", "--kinds", "spherical"));
        assertFault("--json", bench("transport", "--json", "/absent/figures.json"));
        assertFault("--features", bench("circuit", "--features", "1"));
        assertFault("--features", bench("circuit", "--features", "10001"));
        assertFault("--dimensions", bench("circuit", "--dimensions", "16,0"));
        assertFault("--orders", bench("circuit", "--orders", "3"));
        assertFault("--threads", bench("circuit", "--threads", "0"));
        assertFault("--pairs", approximations("--pairs", "0"));
        assertFault("--features", approximations("--features", "1"));
        assertFault("--bundle", approximations("--bundle", "/absent"));
    }

    private int circuit(String... further) {
        List<String> arguments = new ArrayList<>(List.of("circuit", "--size", "5"));
        arguments.addAll(List.of("--dimensions", "3", "--rounds", "1"));
        if (!List.of(further).contains("--features")) {
            arguments.addAll(List.of("--features", "6"));
        }
        arguments.addAll(List.of("--json", json()));
        arguments.addAll(List.of(further));
        return bench(arguments.toArray(String[]::new));
    }

    private void assertFault(String option, int code) {
        assertThat(code).as(said()).isEqualTo(Main.USAGE);
        assertThat(said()).startsWith("sot: ").contains(option);
        assertThat(printed()).isEmpty();
    }

    private JsonNode row(String kind, int size, String engine) throws IOException {
        return rows().stream()
                .filter(row -> row.get("kind").asText().equals(kind))
                .filter(row -> row.get("n").asInt() == size)
                .filter(row -> row.get("engine").asText().equals(engine))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode row) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> it = row.fieldNames(); it.hasNext(); ) {
            names.add(it.next());
        }
        return names;
    }

    private static boolean hasVectors() {
        return ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent();
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(directory.resolve("python"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static void assumePython() {
        assumeTrue(Files.isExecutable(PYTHON), "skipped: no " + PYTHON);
    }

    /** Skips where Python Optimal Transport and SciPy are not installed. */
    private static void assumePeers() throws IOException {
        assumePython();
        try {
            int code =
                    new ProcessBuilder(PYTHON.toString(), "-c", "import ot, scipy")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
            assumeTrue(code == 0, "skipped: " + PYTHON + " has no Python Optimal Transport");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void backendsAreMeasuredByOperationAndDimension() throws IOException {
        assertThat(
                        bench(
                                "backends",
                                "--dimensions",
                                "16,20",
                                "--rows",
                                "24",
                                "--rounds",
                                "1",
                                "--json",
                                json()))
                .isZero();
        assertThat(rows())
                .hasSize(10)
                .allSatisfy(
                        row -> {
                            assertThat(row.get("backend").asText()).isEqualTo("java");
                            assertThat(row.get("relativeDifference").asDouble()).isZero();
                        })
                .extracting(row -> row.get("operation").asText())
                .contains("covariance", "few eigenvectors", "ridge", "projection", "distances");
        assertThat(printed()).contains("d=16", "d=20");
        assertThat(said()).contains("-pl nd4j");
        assertThat(bench("backends", "--dimensions", "3")).isNotZero();
        assertThat(said()).contains("--dimensions from 16");
    }
}
