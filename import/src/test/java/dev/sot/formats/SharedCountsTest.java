package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every real file is read, and holds what tests/measure/import_counts.py counts in it. */
class SharedCountsTest {

    private static List<JsonNode> counted(Path data) throws IOException, InterruptedException {
        Process python;
        try {
            python =
                    new ProcessBuilder(
                                    "python3", "../tests/measure/import_counts.py", data.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: there is no python3");
            throw e;
        }
        List<JsonNode> counted = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        for (String line :
                new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .split("\n")) {
            counted.add(mapper.readTree(line));
        }
        assertThat(python.waitFor()).isZero();
        return counted;
    }

    @Test
    void everyFileHoldsWhatPythonCountsInIt() throws IOException, InterruptedException {
        Path data = SharedData.path("data");
        List<JsonNode> counted = counted(data);
        assertThat(counted).hasSizeGreaterThan(20);
        for (JsonNode counts : counted) {
            String name = counts.get("file").textValue();
            Path file = data.resolve(name);
            switch (name.substring(0, name.indexOf('/'))) {
                case "graphs" -> graph(file, counts);
                case "dashboards" -> dashboard(file, counts);
                case "supernodes" -> supernodes(file, counts);
                default -> annotations(file, counts);
            }
        }
    }

    private static void graph(Path file, JsonNode counts) {
        CircuitDocument circuit = Circuits.read(file);
        assertThat(circuit.nodes()).hasSize(counts.get("nodes").intValue());
        assertThat(circuit.nodes())
                .filteredOn(n -> n.kind() == CircuitNodeKind.FEATURE)
                .hasSize(counts.get("features").intValue());
        assertThat(circuit.links().total()).isEqualTo(counts.get("links").longValue());
        assertThat(circuit.links().zero()).isEqualTo(counts.get("zero").longValue());
        assertThat(circuit.links().dangling()).isEqualTo(counts.get("dangling").longValue());
        assertThat(circuit.links().stored()).isEqualTo(counts.get("pairs").longValue());
    }

    private static void dashboard(Path file, JsonNode counts) {
        String name = file.getFileName().toString();
        long[] found = new long[4];
        double[] heights = {0};
        assertThat(FeatureExport.kind(file, name, ReadListener.NONE))
                .isEqualTo(FeatureExport.Kind.SAE_DASHBOARD);
        new FeatureExport(
                        feature -> {
                            found[0]++;
                            found[1] += feature.windows().size();
                            for (ExportedFeature.Window window : feature.windows()) {
                                found[2] += window.tokens().size();
                                for (double value : window.values()) {
                                    found[3] += value > 0 ? 1 : 0;
                                }
                            }
                            for (double height : feature.statistics().heights()) {
                                heights[0] += height;
                            }
                        })
                .read(file, name, FeatureExport.Kind.SAE_DASHBOARD, ReadListener.NONE);
        assertThat(found)
                .containsExactly(
                        counts.get("features").longValue(),
                        counts.get("windows").longValue(),
                        counts.get("tokens").longValue(),
                        counts.get("firings").longValue());
        assertThat(heights[0]).isEqualTo(counts.get("corpusFirings").doubleValue());
    }

    private static void supernodes(Path file, JsonNode counts) {
        SupernodePartition partition = SupernodeFile.read(file, file.getFileName().toString());
        assertThat(partition.supernodes()).hasSize(counts.get("supernodes").intValue());
        assertThat(partition.supernodes().stream().mapToInt(s -> s.nodeIds().size()).sum())
                .isEqualTo(counts.get("members").intValue());
        assertThat(partition.pinnedIds()).hasSize(counts.get("pins").intValue());
    }

    private static void annotations(Path file, JsonNode counts) {
        long[] labels = {0};
        long lines =
                LabelFile.read(
                        file,
                        file.getFileName().toString(),
                        ReadListener.NONE,
                        label -> labels[0] += label.label() == null ? 0 : 1);
        assertThat(lines).isEqualTo(counts.get("lines").longValue());
        assertThat(labels[0]).isEqualTo(counts.get("labels").longValue());
    }
}
