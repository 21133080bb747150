package dev.sot.procedures.check;

import dev.sot.procedures.check.CheckRow.Counted;
import dev.sot.procedures.check.CheckRow.Place;
import dev.sot.procedures.check.CheckRow.Status;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Result;

/** Checks what was imported. */
final class DataCheck {

    private final Session session;
    private final CheckConfig config;
    private final List<Node> corpora;
    private final List<String> dictionaries;

    DataCheck(Session session, CheckConfig config) {
        this.session = session;
        this.config = config;
        this.corpora =
                config.corpus()
                        .map(name -> List.of(CorpusStore.require(session.tx(), name)))
                        .orElseGet(() -> named(Names.CORPUS));
        this.dictionaries = dictionaries();
    }

    private List<String> dictionaries() {
        List<String> all =
                named(Names.DICTIONARY).stream().map(d -> (String) d.getProperty("name")).toList();
        if (config.dictionary().isPresent()) {
            if (!all.contains(config.dictionary().get())) {
                throw new ConfigurationException(
                        "there is no dictionary '"
                                + config.dictionary().get()
                                + "'; the database holds "
                                + all);
            }
            return List.of(config.dictionary().get());
        }
        if (all.isEmpty() && corpora.isEmpty()) {
            throw new ConfigurationException(
                    "there is nothing to check; import activations with CALL"
                            + " sot.import.activations('directory')");
        }
        return all;
    }

    private List<Node> named(Label label) {
        try (ResourceIterator<Node> nodes = session.tx().findNodes(label)) {
            return nodes.stream()
                    .sorted(Comparator.comparing(n -> (String) n.getProperty("name")))
                    .toList();
        }
    }

    private static boolean complete(Node corpus) {
        return (Boolean) corpus.getProperty("complete", false);
    }

    /** The dictionaries that are asked for and were recorded on a corpus. */
    private List<String> recordedOn(Node corpus) {
        return dictionaries.stream().filter(CorpusStore.dictionaries(corpus)::contains).toList();
    }

    /** The layers of a dictionary that are asked for and have features, ascending. */
    private List<Integer> layers(String dictionary) {
        Collection<Integer> found = new TreeSet<>();
        try (Result result =
                session.tx()
                        .execute(
                                "MATCH (f:Feature {dictionary: $dictionary}) RETURN DISTINCT"
                                        + " f.layer AS layer",
                                Map.of("dictionary", dictionary))) {
            result.<Number>columnAs("layer").stream().forEach(l -> found.add(l.intValue()));
        }
        if (config.layers().isPresent()) {
            if (!found.containsAll(config.layers().get())) {
                throw new ConfigurationException(
                        "dictionary '"
                                + dictionary
                                + "' has features in the layers "
                                + found
                                + ", not in all of "
                                + config.layers().get());
            }
            found.retainAll(config.layers().get());
        }
        return List.copyOf(found);
    }

    /** One row a feature, layer by layer. */
    Stream<FeatureCheckRow> features() {
        return corpora.stream()
                .filter(DataCheck::complete)
                .flatMap(
                        node -> {
                            CheckedCorpus corpus = new CheckedCorpus(session, config, node);
                            return checked(corpus)
                                    .flatMap(
                                            layer ->
                                                    layer.features().stream()
                                                            .map(f -> row(corpus, layer, f)));
                        });
    }

    private FeatureCheckRow row(CheckedCorpus corpus, CheckedLayer layer, CheckedFeature feature) {
        return new FeatureCheckRow(
                corpus.name(),
                layer,
                feature,
                Arrays.stream(FeatureCheck.values())
                        .filter(check -> check.found(feature, config))
                        .map(FeatureCheck::text)
                        .toList());
    }

    private Stream<CheckedLayer> checked(CheckedCorpus corpus) {
        return recordedOn(corpus.node()).stream()
                .flatMap(
                        dictionary ->
                                layers(dictionary).stream()
                                        .map(
                                                layer ->
                                                        LayerCheck.of(
                                                                session,
                                                                config,
                                                                corpus,
                                                                dictionary,
                                                                layer)));
    }

    /** One row a check. */
    Stream<CheckRow> rows() {
        List<CheckRow> rows = new ArrayList<>();
        for (Node node : corpora) {
            CorpusRows of = new CorpusRows(session, config, node);
            if (!complete(node)) {
                rows.add(of.incomplete());
                continue;
            }
            CheckedCorpus corpus = new CheckedCorpus(session, config, node);
            rows.addAll(of.positions(corpus));
            for (String dictionary : recordedOn(node)) {
                List<Integer> layers = layers(dictionary);
                rows.add(of.layersWithoutStates(corpus, dictionary, layers));
                for (int layer : layers) {
                    CheckedLayer checked =
                            LayerCheck.of(session, config, corpus, dictionary, layer);
                    rows.addAll(new LayerRows(config, corpus.name(), checked).rows());
                }
            }
        }
        dictionaries.stream()
                .filter(d -> corpora.stream().noneMatch(c -> recordedOn(c).contains(d)))
                .map(this::unrecorded)
                .forEach(rows::add);
        return rows.stream();
    }

    private CheckRow unrecorded(String dictionary) {
        return new CheckRow(
                new Place(config.corpus().orElse(null), dictionary, null),
                "recorded",
                Status.UNAVAILABLE,
                Counted.NOTHING,
                List.of(),
                "the dictionary was not recorded on "
                        + config.corpus().map(c -> "this corpus").orElse("any corpus")
                        + ", so that its features have no distributions",
                "import a bundle with its activations, under the same name of the dictionary",
                Map.of());
    }
}
