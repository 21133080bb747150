package dev.sot.procedures.check;

import dev.sot.procedures.check.CheckRow.Counted;
import dev.sot.procedures.check.CheckRow.Place;
import dev.sot.procedures.check.CheckRow.Status;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DictionaryLayer;
import dev.sot.procedures.store.Names;
import dev.sot.transport.PositionNorms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/** The rows of a corpus: its positions and their states. */
final class CorpusRows {

    /** Share of prompts that begin with one token from which on that token is like a BOS. */
    private static final double LIKE_BOS = 0.9;

    private final Session session;
    private final CheckConfig config;
    private final String name;

    CorpusRows(Session session, CheckConfig config, Node corpus) {
        this.session = session;
        this.config = config;
        this.name = (String) corpus.getProperty("name");
    }

    private Place place(Integer layer) {
        return new Place(name, null, layer == null ? null : (long) layer);
    }

    /** Where a corpus is not whole. */
    CheckRow incomplete() {
        return new CheckRow(
                place(null),
                "complete",
                Status.UNAVAILABLE,
                Counted.NOTHING,
                List.of(),
                "the import was cut short; nothing else is checked",
                "repeat CALL sot.import.activations for it",
                Map.of());
    }

    /** What is checked of positions. */
    List<CheckRow> positions(CheckedCorpus corpus) {
        List<CheckRow> rows = new ArrayList<>();
        Map<Integer, PositionNorms> norms = new HashMap<>();
        corpus.states().keySet().stream()
                .filter(corpus::complete)
                .forEach(layer -> norms.put(layer, new PositionNorms(corpus.norms(layer))));
        rows.add(firstTokens(corpus, norms));
        if (corpus.states().isEmpty()) {
            rows.add(withoutStates(corpus, null, corpus.positions()));
        }
        corpus.states()
                .forEach(
                        (layer, stored) -> {
                            rows.add(
                                    withoutStates(
                                            corpus,
                                            layer,
                                            corpus.positions() - stored.positions()));
                            rows.add(massive(corpus, layer, norms.get(layer)));
                        });
        return rows;
    }

    private CheckRow firstTokens(CheckedCorpus corpus, Map<Integer, PositionNorms> norms) {
        Map<String, Integer> tokens = new HashMap<>();
        BitSet first = corpus.firstTokens();
        first.stream()
                .forEach(
                        position -> {
                            session.monitor().check();
                            tokens.merge(token(position), 1, Integer::sum);
                        });
        Map.Entry<String, Integer> commonest =
                tokens.entrySet().stream()
                        .max(
                                Map.Entry.<String, Integer>comparingByValue()
                                        .thenComparing(
                                                Map.Entry.<String, Integer>comparingByKey()
                                                        .reversed()))
                        .orElse(Map.entry("", 0));
        boolean alike = commonest.getValue() >= LIKE_BOS * first.cardinality();
        boolean found = alike && !corpus.excludesFirst() && !first.isEmpty();
        Double longest =
                norms.values().stream()
                        .map(n -> n.relative(first))
                        .filter(Double::isFinite)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
        return new CheckRow(
                place(null),
                "firstTokens",
                Status.of(found),
                new Counted(
                        (long) commonest.getValue(),
                        (long) first.cardinality(),
                        null,
                        longest,
                        null),
                examples(first),
                "prompts that begin with the commonest first token; such positions are alike"
                        + " whatever the text says, and distributions "
                        + (corpus.excludesFirst() ? "leave them out" : "count them"),
                "set firstTokenIsSink in the bundle, or fit spaces with {excludeFirstToken: true}",
                Map.of("token", commonest.getKey(), "excluded", corpus.excludesFirst()));
    }

    private String token(int position) {
        Node node =
                session.tx()
                        .findNode(
                                Names.TOKEN_POSITION,
                                "key",
                                CorpusStore.positionKey(name, position));
        return (String) node.getProperty("token");
    }

    private CheckRow withoutStates(CheckedCorpus corpus, Integer layer, long missing) {
        return new CheckRow(
                place(layer),
                "positionsWithoutStates",
                Status.of(missing > 0),
                Counted.of(missing, corpus.positions()),
                List.of(),
                layer == null
                        ? "the corpus has no hidden states; only spaces of tokens can be made of it"
                        : "positions without a hidden state of the layer",
                layer == null
                        ? "import a bundle with states, or fit a space with {method: 'tokens'}"
                        : "drop the corpus and import its bundle again",
                Map.of());
    }

    private CheckRow massive(CheckedCorpus corpus, int layer, PositionNorms norms) {
        if (norms == null) {
            return new CheckRow(
                    place(layer),
                    "massivePositions",
                    Status.UNAVAILABLE,
                    Counted.NOTHING,
                    List.of(),
                    "positions without a hidden state of the layer",
                    "drop the corpus and import its bundle again",
                    Map.of());
        }
        BitSet sinks = corpus.sinks(layer);
        BitSet further = (BitSet) sinks.clone();
        further.andNot(corpus.firstTokens());
        return new CheckRow(
                place(layer),
                "massivePositions",
                Status.of(!sinks.isEmpty()),
                new Counted(
                        (long) sinks.cardinality(),
                        (long) corpus.positions(),
                        1.0,
                        norms.largest(),
                        config.sinkFactor()),
                examples(norms.longestFirst(sinks)),
                "positions whose state is that many times longer than the median; distributions"
                        + " leave them out",
                "nothing, if they are few; else see whether the states are in raw units, and fit"
                        + " spaces with another sinkFactor",
                Map.of("notFirstTokens", (long) further.cardinality()));
    }

    private List<String> examples(BitSet positions) {
        return examples(positions.stream().toArray());
    }

    private List<String> examples(int[] positions) {
        return IntStream.of(positions)
                .limit(CheckRow.EXAMPLES)
                .mapToObj(position -> CorpusStore.positionKey(name, position))
                .toList();
    }

    /** The layers of a dictionary at which the corpus has no states. */
    CheckRow layersWithoutStates(CheckedCorpus corpus, String dictionary, List<Integer> layers) {
        List<Integer> without =
                layers.stream().filter(l -> !corpus.states().containsKey(l)).toList();
        return new CheckRow(
                new Place(name, dictionary, null),
                "layersWithoutStates",
                Status.of(!without.isEmpty()),
                Counted.of(without.size(), layers.size()),
                without.stream()
                        .limit(CheckRow.EXAMPLES)
                        .map(layer -> DictionaryLayer.key(dictionary, layer))
                        .toList(),
                "layers at which the corpus has no states; the space aligned places their features"
                        + " by another layer's, and how well they fit cannot be checked",
                "record states at these layers if you need them",
                Map.of());
    }
}
