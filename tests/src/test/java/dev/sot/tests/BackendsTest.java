package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

/** The jar of a backend beside the plugin, and what is without it. */
class BackendsTest {

    @TempDir Path directory;

    @Test
    void withTheJarBesideThePluginTheSpacesOfBothBackendsAgree() throws IOException {
        Path imports = Files.createDirectory(directory.resolve("import"));
        Directories.copy(Sot.DEMONSTRATION, imports);
        Path data = directory.resolve("data");
        Path plugins = Files.createDirectories(data.resolve("plugins"));
        Path jar = Sot.jar("nd4j", "sot-nd4j-*.jar");
        Files.copy(jar, plugins.resolve(jar.getFileName()));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        try (SotServer server =
                SotServer.start(
                        imports, data, Map.of("SOT_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary))) {
            assertThat(server.query("CALL sot.version() YIELD backends RETURN backends"))
                    .singleElement()
                    .satisfies(
                            row ->
                                    assertThat(row.get(0).asList(Value::asString))
                                            .containsExactly("java", "nd4j"));
            server.query("CALL sot.schema.create()");
            server.query("CALL sot.import.activations('bundle', {})");
            Record java = fit(server, "java");
            assertThat(unpacked(temporary)).as("unpacked before it is used").isEmpty();
            Record nd4j = fit(server, "nd4j");
            assertThat(unpacked(temporary)).hasSize(1);

            assertThat(nd4j.get("backend").asString()).isEqualTo("nd4j");
            assertThat(nd4j.get("configuration").get("backend").asString()).isEqualTo("nd4j");
            assertThat(nd4j.get("dimension")).isEqualTo(java.get("dimension"));
            assertThat(nd4j.get("explainedVariance").asDouble())
                    .isCloseTo(java.get("explainedVariance").asDouble(), within(1e-10));
            List<Double> expected = points(server, "java");
            List<Double> actual = points(server, "nd4j");
            assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(100_000);
            double apart = 0;
            for (int i = 0; i < expected.size(); i++) {
                apart = Math.max(apart, Math.abs(actual.get(i) - expected.get(i)));
            }
            assertThat(apart)
                    .as("largest difference of coordinates of unit variance")
                    .isLessThan(1e-5);
            assertThat(server.query("CALL sot.space.fit({name: 'small'}) YIELD backend, status"))
                    .as("a choice by size")
                    .singleElement()
                    .satisfies(row -> assertThat(row.get("backend").asString()).isEqualTo("java"));
            assertThat(server.errors()).doesNotContainIgnoringCase("slf4j");
        }
        assertThat(unpacked(temporary)).as("left behind").isEmpty();
    }

    @Test
    void withoutTheJarItIsSaidWhatIsMissing() throws IOException {
        try (Stream<Path> plugins = Files.list(Sot.ROOT.resolve("server/target/plugins"))) {
            assumeThat(plugins.map(plugin -> plugin.getFileName().toString()))
                    .as("every server has the jar")
                    .noneMatch(name -> name.startsWith("sot-nd4j-"));
        }
        SotServer server = SotServer.demo();
        assertThatThrownBy(() -> server.query("CALL sot.space.fit({name: 'x', backend: 'nd4j'})"))
                .hasMessageContaining("`backend`: the backend 'nd4j' is not installed")
                .hasMessageContaining("there are 'java'")
                .hasMessageContaining("beside the plugin's");
        assertThat(server.query("CALL sot.version() YIELD backends RETURN backends"))
                .singleElement()
                .satisfies(
                        row ->
                                assertThat(row.get(0).asList(Value::asString))
                                        .containsExactly("java"));
    }

    private static Record fit(SotServer server, String backend) {
        return server.query(
                        "CALL sot.space.fit({name: $backend, backend: $backend})",
                        Map.of("backend", backend))
                .get(0);
    }

    private static List<Double> points(SotServer server, String space) {
        return server
                .query(
                        "MATCH (p:Points)-[:IN_SPACE]->({name: $space}) WITH p ORDER BY p.start"
                                + " UNWIND p.values AS value RETURN value",
                        Map.of("space", space))
                .stream()
                .map(row -> row.get(0).asDouble())
                .toList();
    }

    private static List<Path> unpacked(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("sot-nd4j-"))
                    .toList();
        }
    }
}
