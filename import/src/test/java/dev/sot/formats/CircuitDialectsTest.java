package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Circuits of every tool, told apart by what they hold. */
class CircuitDialectsTest {

    static final String LORSA =
            Circuits.circuit(
                    Circuits.METADATA.replace(
                            "\"schema_version\":1",
                            "\"feature_details\":{\"neuronpedia_source_set\":\"clt\","
                                    + "\"neuronpedia_lorsa_source_set\":\"lorsa-16k\"}"),
                    String.join(
                            ",",
                            lorsa("1_cro_7_2", "cross layer transcoder", 1, 2, Cantor.encode(1, 7)),
                            lorsa("1_lor_7_2", "lorsa", 1, 2, Cantor.encode(1, 7)),
                            lorsa("1_error_attn_2", "lorsa error", 1, 2, null),
                            lorsa("1_error_mlp_2", "mlp reconstruction error", 1, 2, null),
                            lorsa("1_bias_attn_bO_2", "bias", 1, 2, null),
                            lorsa("1_unknown_hook_x_2", "unknown", 1, 2, null),
                            lorsa("E_17_1", "embedding", -1, 1, null).replace("-1,", "\"E\","),
                            lorsa("2_42_2", "logit", 2, 2, 42L)),
                    Circuits.link("1_lor_7_2", "1_cro_7_2", 0.5)
                            + ","
                            + Circuits.link("1_cro_7_2", "2_42_2", -0.25)
                            + ","
                            + Circuits.link("1_bias_attn_bO_2", "2_42_2", 0.125));

    static final String ELEUTHERAI =
            "{\"metadata\":{\"slug\":\"e\",\"scan\":\"smollm\",\"prompt_tokens\":[\"a\",\"b\"],\"prompt\":\"ab\","
                + "\"title_prefix\":\"\",\"n_layers\":2,\"node_sep_threshold\":0.1,\"node_threshold\":0.8},"
                + "\"nodes\":["
                    + eleuther(
                            "intermediate_1_0_5",
                            "cross layer transcoder",
                            "0",
                            Cantor.encode(0, 5))
                    + ","
                    + eleuther("error_1_0", "mlp reconstruction error", "0", null)
                    + ","
                    + eleuther("input_1", "embedding", "E", null)
                    + ","
                    + eleuther("output_1_42", "logit", "-1", 42L)
                            .replace("\"token_prob\":0.0", "\"token_prob\":0.5")
                    + "],\"links\":["
                    + Circuits.link("intermediate_1_0_5", "output_1_42", 0.1234)
                    + ","
                    + Circuits.link("error_1_0", "output_1_42", 0.1)
                    + "],\"qParams\":{\"linkType\":\"both\"}}";

    static final String ADAG =
            "{\"metadata\":{\"num_nodes\":4,\"num_edges\":3,\"layers\":[-1,0,32],\"positions\":[1,2]},"
                + "\"nodes\":["
                    + adag(-1, 1, 17, "[]", "N.A.")
                    + ","
                    + adag(0, 1, 3, "[2.0]", "positive")
                    + ","
                    + adag(0, 3, 1, "[1.0,-3.0]", "negative")
                    + ","
                    + adag(32, 2, 42, "[]", "N.A.")
                    + "],\"edges\":["
                    + "{\"source\":\"-1_1_17\",\"target\":\"0_1_3\",\"weight\":0.5,\"order\":1,\"absolute_weight\":0.5},"
                    + "{\"source\":\"0_1_3\",\"target\":\"32_2_42\",\"weight\":[0.5,1.5],\"order\":1,\"absolute_weight\":null},"
                    + "{\"source\":\"0_3_1\",\"target\":\"32_9_42\",\"weight\":1,\"order\":1,\"absolute_weight\":null}],\"token_strings\":[\"<s>\",\""
                    + " a\",\" b\"]}";

    static final String FEATURE_CIRCUIT =
            "{\"format\":\"sot-feature-circuit/1\",\"metadata\":{\"slug\":\"sva\",\"dictionary\":\"pythia/saes\","
                + "\"prompt\":\"\",\"prompt_tokens\":[],\"aggregation\":\"sum\",\"node_threshold\":0.2},"
                + "\"nodes\":["
                + "{\"id\":\"embed/9\",\"component\":\"embed\",\"feature\":9,\"effect\":0.1},"
                + "{\"id\":\"attn_2/9\",\"component\":\"attn\",\"layer\":2,\"feature\":9,\"effect\":-0.3},"
                + "{\"id\":\"resid_2/9\",\"component\":\"resid\",\"layer\":2,\"feature\":9,\"effect\":0.7,\"activation\":1.5},"
                + "{\"id\":\"resid_2/error\",\"component\":\"resid\",\"layer\":2,\"feature\":null,\"effect\":0.2},"
                + "{\"id\":\"y\",\"component\":\"y\",\"layer\":6}],"
                + "\"links\":[{\"source\":\"attn_2/9\",\"target\":\"resid_2/9\",\"weight\":0.25},"
                + "{\"source\":\"resid_2/error\",\"target\":\"y\",\"weight\":0.125}]}";

    static final String ANTHROPIC =
            Circuits.circuit(
                            Circuits.METADATA.replace(",\"schema_version\":1", ""),
                            Circuits.feature(1, 2, 1) + "," + Circuits.LOGIT,
                            Circuits.link("1_2_1", "4_42_2", 1))
                    .replace(
                            Circuits.Q_PARAMS,
                            "{\"pinnedIds\":\"1_2-0,L_42-2\",\"hiddenIds\":\"\",\"logitDiff\":\"x__vs__y\","
                                + "\"supernodes\":[[\"s\",\"1_2-0\"]]}");

    @TempDir Path directory;

    private static String lorsa(String id, String type, int layer, int position, Long feature) {
        return "{\"node_id\":\""
                + id
                + "\",\"jsNodeId\":\""
                + id
                + "\",\"feature\":"
                + feature
                + ",\"feature_type\":\""
                + type
                + "\",\"layer\":"
                + layer
                + ",\"ctx_idx\":"
                + position
                + ",\"clerp\":\"x\",\"activation\":null,\"influence\":0.5}";
    }

    private static String eleuther(String id, String type, String layer, Long feature) {
        return "{\"feature_type\":\""
                + type
                + "\",\"layer\":\""
                + layer
                + "\",\"node_id\":\""
                + id
                + "\",\"jsNodeId\":\""
                + id
                + "-0\",\"feature\":"
                + feature
                + ",\"ctx_idx\":1,\"run_idx\":0,\"reverse_ctx_idx\":0,\"clerp\":\"\",\"token_prob\":0.0,"
                + "\"is_target_logit\":false,\"influence\":0.5}";
    }

    private static String adag(
            int layer, int position, int neuron, String activations, String polarity) {
        return "{\"id\":\""
                + (layer + "_" + position + "_" + neuron)
                + "\",\"layer\":"
                + layer
                + ",\"position\":"
                + position
                + ",\"neuron_idx\":"
                + neuron
                + ",\"label\":\"N.A.\",\"activations\":"
                + activations
                + ",\"attribution\":[[0.5]],\"polarity\":\""
                + polarity
                + "\"}";
    }

    private CircuitDocument read(String json) throws IOException {
        return CircuitReader.read(
                Files.writeString(directory.resolve("circuit.json"), json),
                "circuit.json",
                new CircuitReadOptions(
                        json.equals(ADAG) ? Optional.of("llama/mlp") : Optional.empty()),
                ReadListener.NONE);
    }

    /** What is written is circuit-tracer's shape and means the same nodes. */
    private void assertRoundTrip(CircuitDocument circuit) {
        Path again = Circuits.write(circuit, directory.resolve("again.json"));
        CircuitDocument written = Circuits.read(again);
        assertThat(written.nodes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("extra")
                .isEqualTo(circuit.nodes());
        assertThat(Circuits.links(written))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("extra")
                .isEqualTo(Circuits.links(circuit));
    }

    private static List<String> features(CircuitDocument circuit) {
        List<String> features = new ArrayList<>();
        for (CircuitNodeRecord node : circuit.nodes()) {
            if (node.kind() == CircuitNodeKind.FEATURE) {
                features.add(
                        circuit.dictionary(node)
                                + "/"
                                + node.layer()
                                + "/"
                                + node.featureIndex()
                                + "@"
                                + node.position());
            }
        }
        return features;
    }

    private static List<CircuitNodeKind> kinds(CircuitDocument circuit) {
        return circuit.nodes().stream().map(CircuitNodeRecord::kind).toList();
    }

    @Test
    void lorsaHasFeaturesOfTwoDictionaries() throws IOException {
        CircuitDocument circuit = read(LORSA);
        assertThat(circuit.dialect()).isEqualTo(CircuitDialect.LORSA);
        assertThat(features(circuit))
                .containsExactly("model/dictionary/clt/1/7@2", "model/dictionary/lorsa-16k/1/7@2");
        assertThat(circuit.dictionaries())
                .containsExactly("model/dictionary/clt", "model/dictionary/lorsa-16k");
        assertThat(kinds(circuit))
                .containsExactly(
                        CircuitNodeKind.FEATURE,
                        CircuitNodeKind.FEATURE,
                        CircuitNodeKind.ERROR,
                        CircuitNodeKind.ERROR,
                        CircuitNodeKind.ERROR,
                        CircuitNodeKind.ERROR,
                        CircuitNodeKind.EMBEDDING,
                        CircuitNodeKind.LOGIT);
        assertThat(circuit.links().stored()).isEqualTo(3);
        assertRoundTrip(circuit);
    }

    @Test
    void eleutheraisIdsNameThePositionFirst() throws IOException {
        CircuitDocument circuit = read(ELEUTHERAI);
        assertThat(circuit.dialect()).isEqualTo(CircuitDialect.ELEUTHERAI);
        assertThat(features(circuit)).containsExactly("smollm/0/5@1");
        assertThat(circuit.nodes().get(3).layer()).isEqualTo(-1);
        assertThat(circuit.nodes().get(0).cumulativeInfluence()).isEqualTo(0.5);
        assertRoundTrip(circuit);
    }

    @Test
    void adagsIdsAreReordered() throws IOException {
        CircuitDocument circuit = read(ADAG);
        assertThat(circuit.dialect()).isEqualTo(CircuitDialect.ADAG);
        assertThat(circuit.header().slug()).isEqualTo("circuit");
        assertThat(circuit.header().promptTokens()).containsExactly("<s>", " a", " b");
        assertThat(features(circuit))
                .containsExactly("llama/mlp/positive/0/3@1", "llama/mlp/negative/0/1@3");
        assertThat(circuit.nodes())
                .extracting(CircuitNodeRecord::nodeId)
                .containsExactly("E_17_1", "0_3_1", "0_1_3", "32_42_2");
        assertThat(circuit.nodes().get(2).activation()).isEqualTo(-1);
        assertThat(kinds(circuit))
                .containsExactly(
                        CircuitNodeKind.EMBEDDING,
                        CircuitNodeKind.FEATURE,
                        CircuitNodeKind.FEATURE,
                        CircuitNodeKind.LOGIT);
        assertThat(circuit.links()).isEqualTo(new LinkCounts(3, 2, 0, 0, 1, 0, 0));
        List<LinkRecord> links = Circuits.links(circuit);
        assertThat(links.get(1).weight()).isEqualTo(1);
        assertThat(links.get(1).extra()).contains("\"weights\":[0.5, 1.5]");
        assertRoundTrip(circuit);
        assertThatThrownBy(
                        () ->
                                CircuitReader.read(
                                        directory.resolve("circuit.json"),
                                        "circuit.json",
                                        CircuitReadOptions.DEFAULT,
                                        ReadListener.NONE))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("dictionary: '...'");
        assertThatThrownBy(() -> read(ADAG.replace("\"id\":\"0_1_3\"", "\"id\":\"0_3_1\"")))
                .hasMessageContainingAll("nodes[1].id", "0_3_1", "position 1");
    }

    @Test
    void sparseFeatureCircuitsHaveADictionaryAComponent() throws IOException {
        CircuitDocument circuit = read(FEATURE_CIRCUIT);
        assertThat(circuit.dialect()).isEqualTo(CircuitDialect.SPARSE_FEATURE_CIRCUITS);
        assertThat(circuit.header().dictionary()).isEqualTo("pythia/saes");
        assertThat(features(circuit))
                .containsExactly(
                        "pythia/saes/embed/0/9@0",
                        "pythia/saes/attn/2/9@0",
                        "pythia/saes/resid/2/9@0");
        assertThat(circuit.nodes().get(3).kind()).isEqualTo(CircuitNodeKind.ERROR);
        assertThat(circuit.nodes().get(4).tokenProbability()).isEqualTo(1);
        assertThat(circuit.links().stored()).isEqualTo(2);
        assertRoundTrip(circuit);
        assertThatThrownBy(
                        () ->
                                read(
                                        FEATURE_CIRCUIT.replace(
                                                "\"component\":\"attn\"",
                                                "\"component\":\"head\"")))
                .hasMessageContainingAll("nodes[1].component", "head", "attn");
    }

    @Test
    void anthropicsFrontendKeepsPinsAsText() throws IOException {
        CircuitDocument circuit = read(ANTHROPIC);
        assertThat(circuit.dialect()).isEqualTo(CircuitDialect.ANTHROPIC);
        assertRoundTrip(circuit);
        SupernodePartition pins =
                SupernodeFile.read(directory.resolve("circuit.json"), "circuit.json");
        assertThat(pins.pinnedIds()).containsExactly("1_2-0", "L_42-2");
        assertThat(new NodeNames(circuit.nodes()).nodes("1_2-0")).containsExactly("1_2_1");
    }

    /** A link out of an id that a feature and an error share goes to the right one. */
    @Test
    void anErrorAndAFeatureMayShareTheirIdInEveryDialectThatHasBoth() throws IOException {
        CircuitDocument circuit =
                read(
                        ANTHROPIC
                                .replace(
                                        "\"nodes\":[",
                                        "\"nodes\":["
                                                + Circuits.feature(0, 3, 1)
                                                + ","
                                                + Circuits.error(3, 1)
                                                + ",")
                                .replace(
                                        "\"links\":[",
                                        "\"links\":["
                                                + Circuits.link("0_3_1", "4_42_2", 2)
                                                + ","
                                                + Circuits.link("0_3_1", "4_42_2", 3)
                                                + ","));
        assertThat(circuit.links().ambiguous()).isEqualTo(2);
        assertThat(circuit.links().duplicate()).isZero();
    }
}
