package dev.sot.procedures.store;

import dev.sot.procedures.config.Configuration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A graph of the user's own in place of an imported circuit: which nodes and relationships it
 * consists of, and where their attributes are. It is read and never changed.
 */
public sealed interface OwnGraph {

    /**
     * Given by two queries.
     *
     * @param nodeQuery a row a node: {@code node}; where wanted {@code feature}, {@code kind},
     *     {@code layer}, {@code position}, {@code probability}
     * @param relationshipQuery a row a link: {@code source}, {@code target}, {@code weight}
     * @param parameters of both queries
     */
    record Queries(String nodeQuery, String relationshipQuery, Map<String, Object> parameters)
            implements OwnGraph {}

    /**
     * Given by labels and relationship types.
     *
     * @param labels nodes with any of these
     * @param types relationships of any of these between such nodes
     * @param properties property that holds each attribute
     */
    record Projection(
            List<String> labels, List<String> types, Map<Attribute, Optional<String>> properties)
            implements OwnGraph {}

    /** The configuration keys that describe a graph of the user's own. */
    Set<String> KEYS =
            Stream.concat(
                            Stream.of(
                                    "nodeQuery",
                                    "relationshipQuery",
                                    "parameters",
                                    "nodeLabels",
                                    "relationshipTypes"),
                            Arrays.stream(Attribute.values()).map(a -> a.key))
                    .collect(Collectors.toUnmodifiableSet());

    /** What a node or a relationship says, and under which configuration key its property is. */
    enum Attribute {
        WEIGHT("weightProperty"),
        KIND("kindProperty"),
        FEATURE("featureProperty"),
        LAYER("layerProperty"),
        POSITION("positionProperty"),
        PROBABILITY("probabilityProperty");

        private final String key;

        Attribute(String key) {
            this.key = key;
        }

        private String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the configuration keys that describe a graph of the user's own.
     *
     * @return empty when none is given
     */
    static Optional<OwnGraph> of(Configuration c) {
        Optional<String> nodeQuery = c.optionalText("nodeQuery");
        Optional<String> relationshipQuery = c.optionalText("relationshipQuery");
        Optional<Map<String, Object>> parameters = parameters(c);
        Optional<List<String>> labels = c.optionalStrings("nodeLabels");
        Optional<List<String>> types = c.optionalStrings("relationshipTypes");
        Map<Attribute, Optional<String>> properties = new EnumMap<>(Attribute.class);
        for (Attribute attribute : Attribute.values()) {
            properties.put(attribute, c.optionalString(attribute.key));
        }
        requireBoth(c, "nodeLabels", labels, "relationshipTypes", types);
        requireBoth(c, "nodeQuery", nodeQuery, "relationshipQuery", relationshipQuery);
        if (labels.isPresent() && nodeQuery.isPresent()) {
            throw c.problem(
                    "nodeQuery", "and `nodeLabels` say the same thing in two ways; give only one");
        }
        requireNames(c, "nodeLabels", labels);
        requireNames(c, "relationshipTypes", types);
        properties.forEach(
                (attribute, property) -> {
                    if (property.isPresent() && labels.isEmpty()) {
                        throw c.problem(
                                attribute.key,
                                nodeQuery.isPresent()
                                        ? "goes with `nodeLabels`; a query returns the column `"
                                                + attribute.column()
                                                + "` instead"
                                        : "goes with `nodeLabels`, which is missing");
                    }
                });
        if (parameters.isPresent() && nodeQuery.isEmpty()) {
            throw c.problem("parameters", "goes with `nodeQuery`, which is missing");
        }
        if (nodeQuery.isPresent()) {
            return Optional.of(
                    new Queries(
                            nodeQuery.get(), relationshipQuery.get(), parameters.orElse(Map.of())));
        }
        return labels.map(l -> new Projection(l, types.get(), properties));
    }

    private static void requireBoth(
            Configuration c, String key, Optional<?> value, String other, Optional<?> otherValue) {
        if (value.isPresent() != otherValue.isPresent()) {
            throw c.problem(
                    value.isPresent() ? key : other,
                    "goes with `" + (value.isPresent() ? other : key) + "`, which is missing");
        }
    }

    private static void requireNames(Configuration c, String key, Optional<List<String>> names) {
        if (names.isPresent() && names.get().isEmpty()) {
            throw c.wrong(key, List.of(), "a list of at least one name");
        }
    }

    private static Optional<Map<String, Object>> parameters(Configuration c) {
        Object value = c.value("parameters");
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw c.wrong("parameters", value, "a map");
        }
        Map<String, Object> parameters = new TreeMap<>();
        map.forEach((key, v) -> parameters.put(String.valueOf(key), v));
        c.note("parameters", parameters);
        return Optional.of(parameters);
    }
}
