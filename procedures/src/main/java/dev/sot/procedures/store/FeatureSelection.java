package dev.sot.procedures.store;

import static java.util.stream.Collectors.joining;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Which features a procedure works on: those of a circuit, of a dictionary (or of some of its
 * layers), a list of keys, or what a query returns; with nothing said, whatever the procedure takes
 * by default.
 *
 * @param circuit slug of a circuit
 * @param dictionary name of a dictionary
 * @param layers layers of the dictionary
 * @param features keys of features
 * @param query a query that returns features
 */
public record FeatureSelection(
        Optional<String> circuit,
        Optional<String> dictionary,
        Optional<List<Integer>> layers,
        Optional<List<String>> features,
        Optional<String> query) {

    /** The keys of a selection, for the descriptions of configurations. */
    public static final String KEYS = "circuit | dictionary (layers) | features | featureQuery";

    /** Nothing said. */
    public static final FeatureSelection NONE =
            new FeatureSelection(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** A layer of a dictionary. */
    public static FeatureSelection layer(String dictionary, int layer) {
        return new FeatureSelection(
                Optional.empty(),
                Optional.of(dictionary),
                Optional.of(List.of(layer)),
                Optional.empty(),
                Optional.empty());
    }

    /** Features in the order in which every result is computed and written. */
    private static final Comparator<Node> ORDER =
            Comparator.comparing((Node f) -> (String) f.getProperty("dictionary"))
                    .thenComparing(f -> ((Number) f.getProperty("layer")).intValue())
                    .thenComparing(f -> (Long) f.getProperty("index"));

    /** Reads the selection's keys from a configuration. */
    public static FeatureSelection of(Configuration configuration) {
        FeatureSelection selection =
                new FeatureSelection(
                        configuration.optionalString("circuit"),
                        configuration.optionalString("dictionary"),
                        configuration.optionalIntegers("layers"),
                        configuration.optionalStrings("features"),
                        configuration.optionalText("featureQuery"));
        long ways =
                Stream.of(
                                selection.circuit,
                                selection.dictionary,
                                selection.features,
                                selection.query)
                        .filter(Optional::isPresent)
                        .count();
        if (ways > 1) {
            throw new ConfigurationException(
                    "give only one of the configuration keys "
                            + configuration.names(
                                    "circuit", "dictionary", "features", "featureQuery"));
        }
        if (selection.layers.isPresent() && selection.dictionary.isEmpty()) {
            throw configuration.problem("layers", "goes with `dictionary`, which is missing");
        }
        return selection;
    }

    /** Reads the second selection of a configuration, its key {@code targets}, if there is one. */
    public static Optional<FeatureSelection> targets(Configuration configuration) {
        return configuration.optionalMap("targets").map(t -> targets(configuration, t));
    }

    private static FeatureSelection targets(Configuration configuration, Configuration targets) {
        FeatureSelection selection = of(targets);
        configuration.note("targets", targets.finish());
        if (selection.isEmpty()) {
            throw configuration.problem(
                    "targets",
                    "chooses nothing; give one of "
                            + targets.names("circuit", "dictionary", "features", "featureQuery"));
        }
        return selection;
    }

    /** A short name; of a list or a query a hash of it. */
    public String name() {
        if (dictionary.isPresent()) {
            return dictionary.get()
                    + layers.map(l -> "/" + l.stream().map(String::valueOf).collect(joining(",")))
                            .orElse("");
        }
        return features.map(f -> "features " + hash(f))
                .or(() -> query.map(q -> "query " + hash(q)))
                .or(() -> circuit)
                .orElse("circuit");
    }

    private static String hash(Object value) {
        return Integer.toHexString(value.hashCode());
    }

    /** Whether nothing was said. */
    public boolean isEmpty() {
        return circuit.isEmpty() && dictionary.isEmpty() && features.isEmpty() && query.isEmpty();
    }

    /**
     * The selected features, in a fixed order; for an empty selection those of the only circuit.
     */
    public List<Node> resolve(Transaction tx) {
        if (features.isPresent()) {
            return sorted(
                    new TreeSet<>(features.get())
                            .stream().map(key -> requireFeature(tx, key)).toList());
        }
        if (dictionary.isPresent()) {
            return ofDictionary(tx, dictionary.get());
        }
        if (query.isPresent()) {
            return sorted(queried(tx, query.get()));
        }
        return sorted(CircuitStore.features(CircuitStore.require(tx, circuit.orElse(null))));
    }

    /** The selected features; for an empty selection all features of some dictionaries. */
    public List<Node> resolve(Transaction tx, List<String> dictionaries) {
        if (!isEmpty()) {
            return resolve(tx);
        }
        return sorted(dictionaries.stream().flatMap(d -> ofDictionary(tx, d).stream()).toList());
    }

    /** All features of the layer of the dictionary that a feature is of. */
    public static List<Node> ofLayerOf(Transaction tx, Node feature) {
        try (ResourceIterator<Node> nodes =
                tx.findNodes(
                        Names.FEATURE,
                        "dictionary",
                        feature.getProperty("dictionary"),
                        "layer",
                        feature.getProperty("layer"))) {
            return sorted(nodes.stream().toList());
        }
    }

    /** A feature by its key. */
    public static Node requireFeature(Transaction tx, String key) {
        Node feature = tx.findNode(Names.FEATURE, "key", key);
        if (feature == null) {
            throw new ConfigurationException(
                    "there is no feature '"
                            + key
                            + "'; keys are dictionary/layer/index, as in MATCH (f:Feature) RETURN"
                            + " f.key LIMIT 5");
        }
        return feature;
    }

    private List<Node> ofDictionary(Transaction tx, String name) {
        List<Node> found;
        try (ResourceIterator<Node> nodes = tx.findNodes(Names.FEATURE, "dictionary", name)) {
            found =
                    nodes.stream()
                            .filter(
                                    f ->
                                            layers.isEmpty()
                                                    || layers.get()
                                                            .contains(f.getProperty("layer")))
                            .toList();
        }
        if (found.isEmpty()) {
            throw new ConfigurationException(
                    "there is no feature of dictionary '"
                            + name
                            + "'"
                            + layers.map(l -> " in layers " + l).orElse("")
                            + "; MATCH (d:Dictionary) RETURN d.name lists the dictionaries");
        }
        return sorted(found);
    }

    private static Collection<Node> queried(Transaction tx, String query) {
        Set<Node> found = new HashSet<>();
        ReadQuery.run(
                tx,
                "featureQuery",
                query,
                Map.of(),
                ConfigurationException::new,
                result -> {
                    if (result.columns().size() != 1) {
                        throw new ConfigurationException(
                                "`featureQuery` must return one column of :Feature nodes, got the"
                                        + " columns "
                                        + result.columns());
                    }
                    String column = result.columns().get(0);
                    while (result.hasNext()) {
                        Object value = result.next().get(column);
                        if (!(value instanceof Node node) || !node.hasLabel(Names.FEATURE)) {
                            throw new ConfigurationException(
                                    "`featureQuery` must return :Feature nodes, got " + value);
                        }
                        found.add(node);
                    }
                });
        return found;
    }

    private static List<Node> sorted(Collection<Node> features) {
        return features.stream().sorted(ORDER).toList();
    }
}
