package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.NotFoundException;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Corpora: the token positions on which activations were recorded, the hidden states there, and the
 * features' activations. Hidden states and activations live in nodes of their own, so that looking
 * at a feature or a token does not load long arrays.
 */
public final class CorpusStore {

    /**
     * How many items of a corpus that is not complete have been written, by which the import goes
     * on; a corpus that is being deleted has none.
     */
    public static final String WRITTEN = "written";

    private static final String HELD_OUT = "heldout";

    private CorpusStore() {}

    /** Unique key of a prompt. */
    public static String promptKey(String corpus, int index) {
        return corpus + "/" + index;
    }

    /** Unique key of a token position. */
    public static String positionKey(String corpus, int index) {
        return corpus + "/" + index;
    }

    /** Unique key of a feature's activations on a corpus. */
    public static String activationsKey(String featureKey, String corpus) {
        return featureKey + "@" + corpus;
    }

    /** Unique key of a block of hidden states. */
    public static String statesKey(String corpus, int layer, long start) {
        return corpus + "/" + layer + "/" + start;
    }

    /**
     * The corpus of that name; without a name the only one there is.
     *
     * @throws ConfigurationException listing the corpora when that is not possible, or when the
     *     corpus is not whole
     */
    public static Node require(Transaction tx, String name) {
        List<Node> corpora;
        try (ResourceIterator<Node> found = tx.findNodes(Names.CORPUS)) {
            corpora = found.stream().toList();
        }
        List<Node> fitting =
                name == null
                        ? corpora
                        : corpora.stream().filter(c -> name.equals(c.getProperty("name"))).toList();
        if (fitting.size() != 1) {
            throw new ConfigurationException(
                    corpora.isEmpty()
                            ? "there is no corpus; import activations with CALL"
                                    + " sot.import.activations('directory')"
                            : (name == null
                                            ? "choose one with {corpus: ...}"
                                            : "there is no corpus '" + name + "'")
                                    + "; the database holds "
                                    + corpora.stream()
                                            .map(c -> "'" + c.getProperty("name") + "'")
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        }
        Node corpus = fitting.get(0);
        if (!(Boolean) corpus.getProperty("complete", false)) {
            throw new ConfigurationException(
                    "the import of corpus '"
                            + corpus.getProperty("name")
                            + "' was cut short; repeat CALL sot.import.activations for it");
        }
        return corpus;
    }

    /** Indices of the prompts that a corpus marks as held out. */
    public static BitSet heldOutPrompts(Node corpus) {
        BitSet heldOut = new BitSet();
        try (var inCorpus = corpus.getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
            for (Relationship relationship : inCorpus) {
                Node prompt = relationship.getStartNode();
                if (prompt.hasLabel(Names.PROMPT)
                        && HELD_OUT.equals(prompt.getProperty("split", null))) {
                    heldOut.set(((Number) prompt.getProperty("index")).intValue());
                }
            }
        }
        return heldOut;
    }

    /** Names of the dictionaries whose features were recorded on a corpus. */
    public static List<String> dictionaries(Node corpus) {
        return List.of((String[]) corpus.getProperty("dictionaries"));
    }

    /** Corpus indices of the prompts' first tokens. */
    public static BitSet firstTokens(Node corpus) {
        BitSet first = new BitSet();
        try (var relationships = corpus.getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
            for (Relationship relationship : relationships) {
                Node node = relationship.getStartNode();
                if (node.hasLabel(Names.PROMPT) && node.hasProperty("start")) {
                    first.set(((Number) node.getProperty("start")).intValue());
                }
            }
        }
        return first;
    }

    /**
     * How prompts lie in a corpus.
     *
     * @param prompts for each position of the corpus the index of its prompt, ascending
     * @param places for each position of the corpus its place in its prompt
     * @param tokens for each position of the corpus its token in the vocabulary
     */
    public record PromptLayout(int[] prompts, int[] places, long[] tokens) {

        /** Bytes of heap that the layout of so many positions takes. */
        public static long bytes(long positions) {
            return 16 * positions;
        }

        /** Activations at one place of the prompts, at the prompts' indices for positions. */
        public FeatureActivations at(int place, FeatureActivations activations) {
            int[] at =
                    IntStream.range(0, activations.positions().length)
                            .filter(i -> places[activations.positions()[i]] == place)
                            .toArray();
            return new FeatureActivations(
                    Arrays.stream(at).map(i -> prompts[activations.positions()[i]]).toArray(),
                    Arrays.stream(at).mapToDouble(i -> activations.values()[i]).toArray());
        }

        private void set(Node tokenPosition) {
            int index = ((Number) tokenPosition.getProperty("index")).intValue();
            prompts[index] = ((Number) tokenPosition.getProperty("prompt")).intValue();
            places[index] = ((Number) tokenPosition.getProperty("position")).intValue();
            tokens[index] = ((Number) tokenPosition.getProperty("tokenId")).longValue();
        }
    }

    /** Reads every token position of a corpus. */
    public static PromptLayout promptLayout(Session session, Node corpus) {
        int positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        PromptLayout layout =
                new PromptLayout(new int[positions], new int[positions], new long[positions]);
        forEachTokenPosition(session, corpus, layout::set);
        return layout;
    }

    /** The text of the token at each position of a corpus. */
    public static String[] tokens(Session session, Node corpus) {
        String[] tokens = new String[Math.toIntExact((Long) corpus.getProperty("positions"))];
        // Equal texts share one string.
        Map<String, String> known = new HashMap<>();
        forEachTokenPosition(
                session,
                corpus,
                node ->
                        tokens[((Number) node.getProperty("index")).intValue()] =
                                known.computeIfAbsent((String) node.getProperty("token"), t -> t));
        return tokens;
    }

    private static void forEachTokenPosition(Session session, Node corpus, Consumer<Node> sink) {
        try (var inCorpus = corpus.getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
            for (Relationship relationship : inCorpus) {
                session.monitor().check();
                Node prompt = relationship.getStartNode();
                if (prompt.hasLabel(Names.PROMPT)) {
                    try (var inPrompt =
                            prompt.getRelationships(Direction.INCOMING, Names.IN_PROMPT)) {
                        inPrompt.forEach(r -> sink.accept(r.getStartNode()));
                    }
                }
            }
        }
    }

    /** One block of rows of {@code dimension} values. */
    public record Block(long start, int count, int dimension, float[] values) {}

    /** Layers whose hidden states a corpus has, ascending. */
    public static List<Integer> stateLayers(Node corpus) {
        int[] layers = (int[]) corpus.getProperty("stateLayers");
        List<Integer> result = new ArrayList<>();
        for (int layer : layers) {
            result.add(layer);
        }
        return result;
    }

    /** Reads hidden states of one layer by ascending position, one block at a time. */
    public static final class States {

        private final Transaction tx;
        private final Node corpus;
        private final int layer;
        private Block block;

        /** The states of a layer that the corpus has. */
        public States(Transaction tx, Node corpus, int layer) {
            this.tx = tx;
            this.corpus = corpus;
            this.layer = layer;
            this.block = stateBlock(tx, corpus, layer, 0);
        }

        /** The number of coordinates of a state. */
        public int dimension() {
            return block.dimension();
        }

        /**
         * The block that has the state at a position, which is that of the block before or the one
         * after its last.
         */
        public Block at(int position) {
            if (position == block.start() + block.count()) {
                block = stateBlock(tx, corpus, layer, position);
            }
            return block;
        }
    }

    private static Block stateBlock(Transaction tx, Node corpus, int layer, long start) {
        String name = (String) corpus.getProperty("name");
        Node block = tx.findNode(Names.HIDDEN_STATES, "key", statesKey(name, layer, start));
        if (block == null) {
            throw new NotFoundException(
                    "hidden states of corpus '"
                            + name
                            + "', layer "
                            + layer
                            + ", from position "
                            + start
                            + " are missing");
        }
        return block(block);
    }

    static Block block(Node node) {
        return new Block(
                (Long) node.getProperty("start"),
                ((Number) node.getProperty("count")).intValue(),
                ((Number) node.getProperty("dimension")).intValue(),
                (float[]) node.getProperty("values"));
    }

    /**
     * A feature's activations: ascending positions of the corpus and the positive values there. Of
     * a corpus that was chosen by activations, such as an export of dashboards, each value is
     * multiplied with the number of firings of the whole corpus that it stands for.
     */
    public record FeatureActivations(int[] positions, double[] values) {

        /** The same at positions that are counted from elsewhere. */
        FeatureActivations shifted(int by) {
            return by == 0
                    ? this
                    : new FeatureActivations(
                            Arrays.stream(positions).map(p -> p + by).toArray(), values);
        }
    }

    /** What a feature does on a corpus, or null when it was not recorded there or never fires. */
    public static FeatureActivations activations(Transaction tx, String featureKey, String corpus) {
        Node node = tx.findNode(Names.ACTIVATIONS, "key", activationsKey(featureKey, corpus));
        if (node == null) {
            return null;
        }
        double[] values = doubles(node.getProperty("values"));
        if (node.hasProperty("weights")) {
            double[] weights = doubles(node.getProperty("weights"));
            Arrays.setAll(values, i -> values[i] * weights[i]);
        }
        return new FeatureActivations((int[]) node.getProperty("positions"), values);
    }

    /** The features that fire on a corpus, by their keys. */
    public static List<Node> firingFeatures(Session session, Node corpus) {
        List<Node> features = new ArrayList<>();
        try (var inCorpus = corpus.getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
            for (Relationship relationship : inCorpus) {
                session.monitor().check();
                Node node = relationship.getStartNode();
                if (node.hasLabel(Names.ACTIVATIONS)) {
                    features.add(
                            node.getSingleRelationship(Names.HAS_ACTIVATIONS, Direction.INCOMING)
                                    .getStartNode());
                }
            }
        }
        features.sort(Comparator.comparing(f -> (String) f.getProperty("key")));
        return features;
    }

    /** On how many positions a feature fires; empty where it was not recorded or never fires. */
    public static OptionalLong firings(Transaction tx, String featureKey, String corpus) {
        Node node = tx.findNode(Names.ACTIVATIONS, "key", activationsKey(featureKey, corpus));
        return node == null
                ? OptionalLong.empty()
                : OptionalLong.of(((Number) node.getProperty("firings")).longValue());
    }

    /** The values as float[] where that loses nothing, else as they are. */
    public static Object narrowest(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
            if (narrow[i] != values[i]) {
                return values;
            }
        }
        return narrow;
    }

    private static double[] doubles(Object array) {
        return array instanceof double[] wide ? wide.clone() : widened((float[]) array);
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Text and place of token positions. */
    public record Token(int index, int position, String token, String context) {}

    /**
     * A token position with its text and the prompt up to {@code reach} tokens on either side, the
     * token itself in brackets.
     */
    public static Token token(Transaction tx, String corpus, int index, int reach) {
        Node node = tx.findNode(Names.TOKEN_POSITION, "key", positionKey(corpus, index));
        if (node == null) {
            throw new NotFoundException(
                    "token position " + index + " of corpus '" + corpus + "' is missing");
        }
        StringBuilder context = new StringBuilder();
        for (int i = Math.max(0, index - reach); i <= index + reach; i++) {
            Node neighbour =
                    i == index
                            ? node
                            : tx.findNode(Names.TOKEN_POSITION, "key", positionKey(corpus, i));
            if (neighbour == null
                    || !neighbour.getProperty("prompt").equals(node.getProperty("prompt"))) {
                continue;
            }
            String text = (String) neighbour.getProperty("token");
            context.append(i == index ? "[" + text + "]" : text);
        }
        return new Token(
                index,
                ((Number) node.getProperty("position")).intValue(),
                (String) node.getProperty("token"),
                context.toString());
    }

    /**
     * Deletes a corpus with all that was recorded on it; spaces fitted on it must be gone. Returns
     * the number of nodes deleted.
     */
    public static long delete(Session session, Node corpus) {
        List<Label> dependants =
                List.of(Names.ACTIVATIONS, Names.HIDDEN_STATES, Names.UNEMBEDDING, Names.PROMPT);
        boolean large =
                (Long) corpus.getProperty("positions")
                                + corpus.getDegree(Names.IN_CORPUS, Direction.INCOMING)
                        > BatchWriter.LARGE_DELETION;
        try (BatchWriter writer = BatchWriter.of(session, large, corpus)) {
            BatchWriter.Handle handle =
                    writer.handle(writer.tx().getNodeByElementId(corpus.getElementId()));
            handle.node().setProperty("complete", false);
            handle.node().removeProperty(WRITTEN);
            writer.flush();
            List<BatchWriter.Handle> nodes = new ArrayList<>();
            try (var relationships =
                    handle.node().getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
                for (Relationship relationship : relationships) {
                    Node node = relationship.getStartNode();
                    if (dependants.stream().anyMatch(node::hasLabel)) {
                        nodes.add(writer.handle(node));
                    }
                }
            }
            long deleted = 1;
            for (BatchWriter.Handle node : nodes) {
                session.monitor().check();
                session.monitor().progress("deleting corpus", deleted, 0);
                deleted += deleteWithPositions(node.node());
                writer.wrote(100_000);
            }
            detachDelete(handle.node());
            writer.finish();
            return deleted;
        }
    }

    private static long deleteWithPositions(Node node) {
        long deleted = 1;
        List<Node> positions = new ArrayList<>();
        try (var relationships = node.getRelationships(Direction.INCOMING, Names.IN_PROMPT)) {
            relationships.forEach(r -> positions.add(r.getStartNode()));
        }
        for (Node position : positions) {
            detachDelete(position);
            deleted++;
        }
        detachDelete(node);
        return deleted;
    }

    /** Deletes a node and its relationships. */
    static void detachDelete(Node node) {
        try (var relationships = node.getRelationships()) {
            relationships.forEach(Relationship::delete);
        }
        node.delete();
    }
}
