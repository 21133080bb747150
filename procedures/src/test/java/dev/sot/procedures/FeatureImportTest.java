package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Public exports alone are enough for distributions, compressions and matches. */
class FeatureImportTest {

    @RegisterExtension static final Database database = Database.withSchema();

    private static final String[] WORDS = {" a", " b", " c", " d"};

    /**
     * Features of two layers of Neuronpedia's source 1-set; features i fires on words i and i+1.
     */
    @BeforeAll
    static void write() throws IOException {
        Path source = database.importDirectory().resolve("export/1-set");
        StringBuilder features = new StringBuilder();
        StringBuilder activations = new StringBuilder();
        StringBuilder explanations = new StringBuilder();
        for (int layer = 0; layer <= 2; layer++) {
            for (int i = 0; i < 3; i++) {
                String identity =
                        "{\"modelId\":\"model\",\"layer\":\""
                                + layer
                                + "-set\",\"index\":\""
                                + (i + 5)
                                + "\",";
                // Of 100 firings 90 are about 1, of which a single one is shown.
                features.append(identity)
                        .append("\"frac_nonzero\":0.01,\"maxActApprox\":4,")
                        .append("\"freq_hist_data_bar_values\":[1,2,4],")
                        .append("\"freq_hist_data_bar_heights\":[90,6,4],\"vector\":[]}\n");
                for (int row = 0; row < 3; row++) {
                    activations
                            .append(identity)
                            .append("\"tokens\":[\"<bos>\",\" x\",\"")
                            .append(WORDS[row == 0 ? i : i + 1])
                            .append("\",\" ")
                            .append(row)
                            .append("\"],\"values\":[50,0,")
                            .append(row == 0 ? 1 : 4)
                            .append(",0],\"binMin\":-1,\"binMax\":4,\"binContains\":-1}\n");
                }
                explanations
                        .append(identity)
                        .append("\"description\":\"words ")
                        .append(i)
                        .append("\",\"explanationModelName\":\"m\"}\n");
            }
        }
        gzip(source.resolve("features/batch-0.jsonl.gz"), features.toString());
        gzip(source.resolve("activations/batch-0.jsonl.gz"), activations.toString());
        gzip(source.resolve("explanations/batch-0.jsonl.gz"), explanations.toString());
        Files.writeString(source.resolve("model.jsonl"), "{\"id\":\"model\"}\n");
        database.row("CALL sot.import.features('export') YIELD status");
        database.row("CALL sot.space.fit({method: 'tokens', corpus: 'model/set'}) YIELD space");
        database.row("CALL sot.distributions.write({space: 'tokens'}) YIELD distributions");
    }

    static void gzip(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(file, bytes.toByteArray());
    }

    @Test
    void whatIsImportedIsCounted() {
        Map<String, Object> row = database.row("CALL sot.import.features('export')");
        assertThat(row)
                .containsEntry("corpus", "model/set")
                .containsEntry("status", "unchanged")
                .containsEntry("formats", List.of("neuronpedia"))
                .containsEntry("model", "model")
                .containsEntry("dictionaries", List.of("model/set"))
                .containsEntry("files", 3L)
                .containsEntry("skippedFiles", 1L)
                .containsEntry("features", 9L)
                .containsEntry("silentFeatures", 0L)
                .containsEntry("windows", 27L)
                .containsEntry("positions", 108L)
                .containsEntry("firings", 27L)
                .containsEntry("sinkFirings", 27L)
                .containsEntry("byHistogram", 9L)
                .containsEntry("uncorrected", 0L);
        assertThat((Double) row.get("overRepresentation")).isCloseTo(25, within(1e-9));
        assertThat((Double) row.get("covered")).isCloseTo(0.94, within(1e-9));
        assertThat(
                        database.row(
                                "MATCH (f:Feature {key: 'model/set/1/5'})-[:HAS_ACTIVATIONS]->"
                                        + "(a) RETURN f.label AS label, f.labelBy AS by,"
                                        + " a.correction AS correction, a.weights AS weights,"
                                        + " a.maximum AS maximum"))
                .containsEntry("label", "words 0")
                .containsEntry("by", "m")
                .containsEntry("correction", "histogram")
                .containsEntry("maximum", 4.0);
    }

    /**
     * One firing of 1 stands for 90, two of 4 for 10 together: 90 of 130 and 40 of 130, where the
     * windows as shown would say 1 of 9 and 8 of 9.
     */
    @Test
    void theBiasOfDashboardsIsCorrected() {
        double distance =
                database.value(
                        "RETURN sot.distance('model/set/1/5', 'model/set/1/6', {space: 'tokens'})");
        assertThat(distance).isCloseTo(90.0 / 130, within(1e-9));
    }

    @Test
    void featuresAreMatchedAndCircuitsCompressed() {
        assertThat(
                        database.rows(
                                "CALL sot.match.stream({space: 'tokens', dictionary: 'model/set',"
                                        + " layers: [1], targets: {dictionary: 'model/set', layers:"
                                        + " [2]}}) YIELD source, target, distance RETURN"
                                        + " source.index = target.index AS same, distance"))
                .hasSize(3)
                .allSatisfy(
                        row ->
                                assertThat(row)
                                        .containsEntry("same", true)
                                        .containsEntry("distance", 0.0));
        CircuitJson circuit = CircuitJson.small("small");
        database.write(
                "small.json",
                circuit.toString()
                        .replaceAll("\"scan\"\\s*:\\s*\"[^\"]*\"", "\"scan\":\"model/set\""));
        database.row("CALL sot.import.circuit('small.json') YIELD slug");
        assertThat(
                        database.row(
                                "CALL sot.compress.stats('small', {space: 'tokens', targetSize:"
                                        + " 2})"))
                .containsEntry("featureSupernodes", 2L);
    }

    @Test
    void probeDumpsShareTheirPrompts() {
        database.write(
                "dump.json",
                "{\"model\":\"model\",\"source_set\":\"hp\",\"results\":[{\"probe_id\":\"p0\",\"prompt\":\"x\",\"tokens\":[\"<bos>\",\""
                    + " a\",\" b\"],\"counts\":[[0]],\"activations\":["
                    + "{\"source\":\"0-hp\",\"index\":3,\"values\":[9,1,0]},"
                    + "{\"source\":\"1-hp\",\"index\":4,\"values\":[9,0,2]}]},{\"probe_id\":\"p1\",\"prompt\":\"y\",\"tokens\":[\"<bos>\",\""
                    + " c\"],"
                    + "\"activations\":[{\"source\":\"0-hp\",\"index\":3,\"values\":[9,3]}]}]}");
        assertThat(database.row("CALL sot.import.features('dump.json', {corpus: 'probes'})"))
                .containsEntry("formats", List.of("probe-prompting"))
                .containsEntry("features", 2L)
                .containsEntry("windows", 2L)
                .containsEntry("positions", 5L)
                .containsEntry("firings", 3L)
                .containsEntry("uncorrected", 2L)
                .containsEntry("overRepresentation", null);
        assertThat(
                        database.<List<Object>>value(
                                "MATCH (:Feature {key: 'model/hp/0/3'})-[:HAS_ACTIVATIONS]->(a)"
                                        + " RETURN [p IN a.positions | p]"))
                .hasSize(2);
    }

    /** Three features of GPT-2 small that fire and one that does not, in two batches. */
    @Test
    void publicDashboardsAndAnnotationsAreImported() throws IOException {
        for (String name : List.of("dashboards/batch-0.json", "dashboards/batch-1.json")) {
            Path target = database.importDirectory().resolve(name);
            Files.createDirectories(target.getParent());
            Files.copy(SharedData.path("data/" + name), target);
        }
        Map<String, Object> row = database.row("CALL sot.import.features('dashboards')");
        assertThat(row)
                .containsEntry("corpus", "gpt2-small/res-jb")
                .containsEntry("formats", List.of("saedashboard"))
                .containsEntry("features", 4L)
                .containsEntry("silentFeatures", 1L)
                .containsEntry("byHistogram", 3L);
        assertThat((Double) row.get("overRepresentation")).isBetween(20.0, 60.0);
        // A firing stands for as many of the corpus as the histograms hold: 126, 228 and 146.
        assertThat(
                        database.<List<Object>>value(
                                "MATCH (f:Feature {dictionary: 'gpt2-small/res-jb'})"
                                        + "-[:HAS_ACTIVATIONS]->(a) WITH f, a ORDER BY f.index"
                                        + " RETURN collect(toInteger(round(reduce(s = 0.0, w IN"
                                        + " a.weights | s + w))))"))
                .isEqualTo(List.of(126L, 228L, 146L));
        for (String name : List.of("gemma-2-2b.jsonl", "pythia-70m-deduped.jsonl")) {
            Files.copy(
                    SharedData.path("data/annotations/" + name),
                    database.importDirectory().resolve(name));
        }
        assertThat(
                        database.row(
                                "CALL sot.import.labels('gemma-2-2b.jsonl', {dictionary:"
                                        + " 'gemma'})"))
                .containsEntry("lines", 469L);
        assertThat(
                        database.row(
                                "CALL sot.import.labels('pythia-70m-deduped.jsonl', {dictionary:"
                                        + " 'pythia'})"))
                .containsEntry("lines", 277L)
                .containsEntry("labels", 276L);
    }

    @Test
    void labelsStayUnlessReplaced() {
        database.write(
                "notes.jsonl",
                "{\"Component\":\"resid\",\"Layer\":\"2\",\"Feature\":\"7\",\"Name\":\"resid_2/7\","
                        + "\"Annotation\":\"plural\",\"notes\":\"algebra\"}\n"
                        + "{\"Component\":\"embed\",\"Feature\":\"9\",\"Name\":\"embed/9\"}\n");
        database.failure("CALL sot.import.labels('notes.jsonl')").contains("{dictionary: '...'}");
        assertThat(database.row("CALL sot.import.labels('notes.jsonl', {dictionary: 'saes'})"))
                .containsEntry("format", "annotations")
                .containsEntry("lines", 2L)
                .containsEntry("labels", 1L)
                .containsEntry("unlabelled", 1L)
                .containsEntry("dictionaries", List.of("saes/embed", "saes/resid"));
        assertThat(database.row("CALL sot.import.labels('notes.jsonl', {dictionary: 'saes'})"))
                .containsEntry("kept", 1L);
        assertThat(
                        database.row(
                                "MATCH (f:Feature {key: 'saes/resid/2/7'}) RETURN f.label AS label,"
                                        + " f.labelNotes AS notes"))
                .containsEntry("label", "plural")
                .containsEntry("notes", "algebra");
    }

    @Test
    void weightsOfADictionaryAreImported() throws IOException {
        Path directory = Files.createDirectories(database.importDirectory().resolve("plt"));
        ByteBuffer file = ByteBuffer.allocate(8 + 400 + 60).order(ByteOrder.LITTLE_ENDIAN);
        String header =
                "{\"W_enc\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                        + "\"W_dec\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[24,48]},"
                        + "\"b_enc\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[48,52]},"
                        + "\"b_dec\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[52,58]},"
                        + "\"x\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[58,60]}}";
        file.putLong(400).put(header.getBytes(StandardCharsets.UTF_8));
        while (file.position() < 408) {
            file.put((byte) ' ');
        }
        for (int i = 0; i < 12; i++) {
            file.putFloat(i);
        }
        Files.write(directory.resolve("layer_2.safetensors"), file.array());
        database.failure("CALL sot.import.dictionary('plt')").contains("{dictionary: '...'}");
        assertThat(database.row("CALL sot.import.dictionary('plt', {dictionary: 'w'})"))
                .containsEntry("dictionary", "w")
                .containsEntry("format", "circuit_tracer_plt")
                .containsEntry("kind", "transcoder")
                .containsEntry("layers", List.of(2L))
                .containsEntry("vectors", 2L)
                .containsEntry("hiddenSize", 3L)
                .containsEntry("withoutBias", 0L);
        assertThat(
                        database.<Boolean>value(
                                "MATCH (:Feature {key: 'w/2/1'})-[:HAS_VECTORS]->(v) RETURN"
                                        + " v.encoder[0] = 3 AND v.decoder[2] = 11 AND"
                                        + " v.encoderBias = 0"))
                .isTrue();
        assertThat(
                        database.<Boolean>value(
                                "MATCH (:Dictionary {name: 'w'})-[:HAS_LAYER]->(l) RETURN l.layer ="
                                        + " 2 AND l.width = 2 AND l.hiddenSize = 3 AND"
                                        + " l.decoderBias = [0, 0, 0]"))
                .isTrue();
    }

    @Test
    void nothingOfABrokenExportIsWritten() {
        database.write(
                "broken.jsonl",
                "{\"modelId\":\"b\",\"layer\":\"0-s\",\"index\":\"0\",\"tokens\":[\"a\"],\"values\":[1]}\n"
                    + "{\"modelId\":\"b\",\"layer\":\"0-s\",\"index\":\"1\",\"tokens\":[\"a\"],\"values\":[]}\n");
        database.failure("CALL sot.import.features('broken.jsonl')")
                .contains("broken.jsonl")
                .contains("line 2")
                .contains("1 tokens and 0 values");
        assertThat(database.<Long>value("MATCH (c:Corpus {name: 'b/s'}) RETURN count(c)")).isZero();
        database.failure("CALL sot.import.features('../export')").contains("leads out");
    }
}
