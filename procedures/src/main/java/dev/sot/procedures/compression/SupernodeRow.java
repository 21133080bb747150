package dev.sot.procedures.compression;

import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.LoadedCircuit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** One supernode of a compression that was not stored. */
public final class SupernodeRow {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Rank: features by falling influence, then embeddings, logits, errors.")
    public final long rank;

    @Description("What it is called.")
    public final String label;

    @Description(
            "What the label is taken from: members (what they share), tokens, contexts, or member"
                    + " (one of them).")
    public final String labelSource;

    @Description("feature, embedding, logit or error.")
    public final String kind;

    @Description("Number of members.")
    public final long size;

    @Description("Layers of the members.")
    public final List<Long> layers;

    @Description("Token positions of the members.")
    public final List<Long> positions;

    @Description("Share of the features' influence; null for other kinds.")
    public final Double influenceShare;

    @Description(
            "Tokens on which the members' distributions rest most; null without distributions.")
    public final List<String> topTokens;

    @Description(
            "Contexts in which the members fire most strongly together; null without activations.")
    public final List<String> contexts;

    @Description("The members.")
    public final List<Node> members;

    SupernodeRow(int rank, SupernodeRecord record, LoadedCircuit circuit) {
        Map<String, Object> properties = record.properties();
        this.circuit = circuit.name();
        this.rank = rank;
        this.label = record.label();
        this.labelSource = (String) properties.get("labelSource");
        this.kind = record.kind();
        this.size = record.members().size();
        this.layers = longs((int[]) properties.get("layers"));
        this.positions = longs((int[]) properties.get("positions"));
        this.influenceShare = (Double) properties.get("influenceShare");
        this.topTokens = texts((String[]) properties.get("topTokens"));
        this.contexts = texts((String[]) properties.get("contexts"));
        this.members = record.members().stream().map(circuit.nodes()::get).toList();
    }

    private static List<String> texts(String[] texts) {
        return texts == null ? null : List.of(texts);
    }

    private static List<Long> longs(int[] values) {
        return Arrays.stream(values).asLongStream().boxed().toList();
    }
}
