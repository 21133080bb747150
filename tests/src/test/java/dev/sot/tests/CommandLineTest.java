package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./sot} as a process: what it prints where, and how it ends. */
class CommandLineTest {
    private static final Duration DEMO_WITHIN = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void theDemonstrationPrintsItsSupernodesAndTheBaselinesWithinAMinute() {
        Sot.Run demo = Sot.run("demo");
        System.out.printf("./sot demo took %.1f s%n", demo.duration().toMillis() / 1000.0);

        assertThat(demo.exitCode()).as(demo.errors()).isZero();
        long supernodes =
                SotServer.demo()
                        .query(
                                "MATCH (:Compression {id: $id})<-[:IN_COMPRESSION]-(s:Supernode"
                                        + " {kind: 'feature'}) RETURN count(s) AS n",
                                Map.of("id", SotServer.DEMO_COMPRESSION))
                        .get(0)
                        .get("n")
                        .asLong();
        assertThat(rows(demo.output(), "supernode ")).hasSize((int) supernodes);
        assertThat(rows(demo.output(), "partition "))
                .extracting(row -> row.split(" ")[0])
                .containsExactly(
                        "compression",
                        "random",
                        "layerPosition",
                        "decoderCosine",
                        "activationCorrelation",
                        "edgeProfile",
                        "roleVectors",
                        "spectral");
        assertThat(demo.errors()).doesNotContain("Exception", "ERROR");
        assertThat(demo.duration()).isLessThan(DEMO_WITHIN);
    }

    @Test
    void runPrintsOneJsonObjectPerRowAndNothingElse() throws IOException {
        Path script =
                script(
                        """
                        CALL sot.schema.create() YIELD name RETURN count(name) > 10 AS many;
                        CALL sot.import.circuit($file, {}) YIELD slug, nodes, status;
                        """);
        Sot.Run run =
                Sot.run(
                        "run",
                        script.toString(),
                        "--import",
                        Sot.DEMONSTRATION.toString(),
                        "--param",
                        "file=circuits/" + SotServer.DEMO_CIRCUIT + ".json",
                        "--format",
                        "jsonl");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo("{\"many\":true}");
        JsonNode imported = new ObjectMapper().readTree(lines.get(1));
        assertThat(imported.get("slug").asText()).isEqualTo(SotServer.DEMO_CIRCUIT);
        assertThat(imported.get("nodes").asInt()).isPositive();
        assertThat(imported.get("status").asText()).isEqualTo("imported");
    }

    @Test
    void runReadsStandardInputAndPrintsTables() {
        Sot.Run run =
                Sot.runWithInput(
                        "UNWIND $names AS name RETURN name, size(name) AS length;",
                        "run",
                        "-",
                        "--param",
                        "names=[\"ab\", \"abc\"]");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output().lines().map(String::strip))
                .containsSequence("name  length", "----  ------")
                .anyMatch(line -> line.matches("abc +3"))
                .contains("2 rows");
    }

    @Test
    void aStatementThatFailsEndsTheRunWithItsLineOnStandardErrorOnly() throws IOException {
        Path script =
                script("RETURN 1 AS one;\n\nCALL sot.compress('absent');\nRETURN 2 AS two;\n");
        Sot.Run run = Sot.run("run", script.toString(), "--format", "jsonl");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output().lines()).containsExactly("{\"one\":1}");
        assertThat(run.errors()).contains(script + ":3: ").doesNotContain("\tat ");
    }

    @Test
    void aSyntaxErrorNamesTheLineOfTheFile() throws IOException {
        Path script = script("RETURN 1 AS one;\nMATCH (n)\nRETRUN n;\n");
        Sot.Run run = Sot.run("run", script.toString(), "--format", "jsonl");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(script + ":3: ", "line 3, column 1");
    }

    @Test
    void aPortInUseIsNamedWithTheOptionThatChoosesAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String option : List.of("--http", "--bolt")) {
                String other = option.equals("--http") ? "--bolt" : "--http";
                assertFault(
                        Sot.run("serve", "--data", data(), option, port, other, "0"),
                        "127.0.0.1:" + port,
                        "choose another port with " + option + " PORT");
            }
        }
    }

    @Test
    void aDataDirectoryInUseIsNamed() {
        try (SotServer server = SotServer.start(Sot.DEMONSTRATION, Path.of(data()), Map.of())) {
            assertFault(
                    Sot.run("serve", "--data", data(), "--http", "0", "--bolt", "0"),
                    "The data directory " + data() + " is in use by another server",
                    "--data DIR");
            assertThat(server.query("RETURN 1 AS one")).hasSize(1);
        }
    }

    @Test
    void aMissingImportDirectoryIsNamed() {
        String missing = directory.resolve("missing").toString();
        assertFault(
                Sot.run("serve", "--data", data(), "--import", missing),
                "The import directory " + missing + " does not exist",
                "--import DIR");
    }

    @Test
    void benchmarksFindThePluginsCodeWithoutAServer() {
        Sot.Run help = Sot.run("bench", "--help");
        assertThat(help.exitCode()).as(help.errors()).isZero();
        assertThat(help.output()).contains("  transport  ", "  circuit  ", "  supports  ");

        Sot.Run run =
                Sot.run(
                        "bench",
                        "transport",
                        "--kinds=clustered",
                        "--sizes=4",
                        "--rounds=1",
                        "--seconds=0.001");
        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).containsPattern("(?m)^clustered +sot-plain +[0-9.]+$");
        assertThat(run.errors()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void supportsAreComparedOnTheDemonstration() {
        Sot.Run run =
                Sot.run(
                        "bench",
                        "supports",
                        "--features=3",
                        "--sizes=4",
                        "--dimensions=2",
                        "--most=60",
                        "--threads=1");
        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).containsPattern("(?m)^ *2 +4 +quantized( +[0-9.]+){5}$");
        assertFault(Sot.run("bench", "supports", "--most=60"), "Only 0 features", "--features");
    }

    @Test
    void theSearchOfNearestNeighboursIsComparedWithAllDistances() {
        Sot.Run run =
                Sot.run(
                        "bench",
                        "nearest",
                        "--sizes=40,60",
                        "--support=8",
                        "--dimension=4",
                        "--orders=1",
                        "--compare=30");
        assertThat(run.exitCode()).as(run.errors()).isZero();
        for (String kind : List.of("clustered", "tiled", "shared")) {
            // All rows are proved; none of the compared differs.
            assertThat(run.output()).containsPattern("(?m)^" + kind + " +1 +60 .* 100$");
            assertThat(run.output()).containsPattern("(?m)^" + kind + " +1 +30 +0 ");
        }
        assertThat(run.errors()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void anUnknownOptionIsExplained() {
        assertFault(Sot.run("serve", "--prot", "7474"), "--prot", "--help explains");
    }

    private static void assertFault(Sot.Run run, String... parts) {
        assertThat(run.exitCode()).as(run.errors()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains(parts).doesNotContain("\tat ");
    }

    /** The rows of the table whose header begins so, up to the empty line after it. */
    private static List<String> rows(String output, String header) {
        return output.lines()
                .dropWhile(line -> !line.startsWith(header))
                .skip(2)
                .takeWhile(line -> !line.isBlank())
                .toList();
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private Path script(String cypher) throws IOException {
        return Files.writeString(directory.resolve("script.cypher"), cypher);
    }
}
