package dev.sot.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A view of a graph that Neuronpedia keeps, as its API takes it to be saved ({@code POST
 * /api/graph/subgraph/save}). {@link SupernodeFile} reads it back.
 *
 * @param modelId the model under which Neuronpedia files the graph
 * @param slug the graph's name
 * @param displayName what the view is called, or null
 * @param pinnedIds ids of the nodes shown; the frontend draws the first 200
 * @param supernodes labels and members
 * @param clerps labels of nodes, by {@link NodeNames#labelId}, in the order to write
 * @param pruningThreshold share of influence up to which nodes that are not pinned are shown, or
 *     null for all
 * @param densityThreshold share of tokens on which a feature fires up to which it is shown, or null
 *     for all
 * @param overwriteId id of the saved view that this one replaces, or null for a new one
 */
public record Subgraph(
        String modelId,
        String slug,
        String displayName,
        List<String> pinnedIds,
        List<SupernodePartition.Group> supernodes,
        Map<String, String> clerps,
        Double pruningThreshold,
        Double densityThreshold,
        String overwriteId) {
    public Subgraph {
        Objects.requireNonNull(modelId, "modelId");
        Objects.requireNonNull(slug, "slug");
        pinnedIds = List.copyOf(pinnedIds);
        supernodes = List.copyOf(supernodes);
    }

    /**
     * Writes the view as the body of a request.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @throws FormatException when the file cannot be written
     * @throws IllegalArgumentException when a text holds half of a surrogate pair
     */
    public void write(Path target) {
        AtomicFile.write(target, "the subgraph", this::write);
    }

    private void write(JsonGenerator json) throws IOException {
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("modelId", modelId);
        json.writeStringField("slug", slug);
        if (displayName != null) {
            json.writeStringField("displayName", displayName);
        }
        json.writeFieldName("pinnedIds");
        writeTexts(json, pinnedIds);
        json.writeArrayFieldStart("supernodes");
        for (SupernodePartition.Group supernode : supernodes) {
            json.writeStartArray();
            json.writeString(supernode.label());
            for (String node : supernode.nodeIds()) {
                json.writeString(node);
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("clerps");
        for (Map.Entry<String, String> clerp : clerps.entrySet()) {
            writeTexts(json, List.of(clerp.getKey(), clerp.getValue()));
        }
        json.writeEndArray();
        writeThreshold(json, "pruningThreshold", pruningThreshold);
        writeThreshold(json, "densityThreshold", densityThreshold);
        if (overwriteId != null) {
            json.writeStringField("overwriteId", overwriteId);
        }
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, List<String> texts) throws IOException {
        json.writeStartArray();
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** Neuronpedia refuses a body without the threshold; null is one. */
    private static void writeThreshold(JsonGenerator json, String name, Double threshold)
            throws IOException {
        json.writeFieldName(name);
        if (threshold == null) {
            json.writeNull();
        } else {
            json.writeNumber(threshold);
        }
    }
}
