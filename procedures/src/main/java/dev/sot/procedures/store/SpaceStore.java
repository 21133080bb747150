package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.space.Departure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.NotFoundException;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Reference spaces: one table of points for all features, a row for every position of the corpus or
 * corpora, in blocks of {@code :Points} nodes with the positions that are excluded from every
 * distribution.
 */
public final class SpaceStore {

    /** The method of spaces without geometry. */
    public static final String TOKENS = "tokens";

    /** Values in one block of points: 64 KiB, so that a single distance reads little. */
    private static final int BLOCK_VALUES = 16_384;

    private SpaceStore() {}

    /**
     * The space of that name; without a name the only one whose corpus has recorded these
     * dictionaries.
     *
     * @param dictionaries the dictionaries of the features in question; empty for any
     * @throws ConfigurationException listing the spaces when that is not possible, or when the
     *     space is not whole
     */
    public static Node require(
            Transaction tx, Optional<String> name, Collection<String> dictionaries) {
        return require(tx, name, dictionaries, "");
    }

    /**
     * The same.
     *
     * @param otherwise what else the user can do where no space was fitted, after a comma
     */
    public static Node require(
            Transaction tx,
            Optional<String> name,
            Collection<String> dictionaries,
            String otherwise) {
        List<Node> spaces;
        try (ResourceIterator<Node> found = tx.findNodes(Names.REFERENCE_SPACE)) {
            spaces = found.stream().toList();
        }
        List<Node> fitting =
                spaces.stream()
                        .filter(
                                s ->
                                        name.isPresent()
                                                ? name.get().equals(s.getProperty("name"))
                                                : dictionaries(s).containsAll(dictionaries))
                        .toList();
        if (fitting.size() != 1) {
            throw new ConfigurationException(
                    spaces.isEmpty()
                            ? "there is no reference space; fit one with CALL sot.space.fit()"
                                    + otherwise
                            : problem(name, dictionaries, fitting.isEmpty(), otherwise)
                                    + "; the database holds "
                                    + spaces.stream()
                                            .map(s -> "'" + s.getProperty("name") + "'")
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        }
        Node space = fitting.get(0);
        if (!(Boolean) space.getProperty("complete", false)) {
            throw new ConfigurationException(
                    "the fit of reference space '"
                            + space.getProperty("name")
                            + "' was cut short; repeat CALL sot.space.fit for it");
        }
        return space;
    }

    /**
     * All whole spaces whose corpus has recorded these dictionaries, by their names.
     *
     * @param dictionaries the dictionaries of the features in question; none for no space
     */
    public static List<Node> fitting(Transaction tx, Collection<String> dictionaries) {
        try (ResourceIterator<Node> found = tx.findNodes(Names.REFERENCE_SPACE)) {
            return found.stream()
                    .filter(s -> (Boolean) s.getProperty("complete", false))
                    .filter(
                            s ->
                                    !dictionaries.isEmpty()
                                            && dictionaries(s).containsAll(dictionaries))
                    .sorted(Comparator.comparing(s -> (String) s.getProperty("name")))
                    .toList();
        }
    }

    private static String problem(
            Optional<String> name,
            Collection<String> dictionaries,
            boolean none,
            String otherwise) {
        if (name.isPresent()) {
            return "there is no reference space '" + name.get() + "'";
        }
        return none
                ? "no reference space is fitted on a corpus with activations of dictionary '"
                        + String.join("', '", new TreeSet<>(dictionaries))
                        + "'; import these by sot.import.activations and fit one with CALL"
                        + " sot.space.fit()"
                        + otherwise
                : "several reference spaces fit; choose one with {space: ...}";
    }

    /**
     * The only corpus a space was fitted on.
     *
     * @throws ConfigurationException when there are several
     */
    public static Node corpus(Node space) {
        List<Node> corpora = corpora(space);
        if (corpora.size() > 1) {
            throw new ConfigurationException(
                    "the reference space '"
                            + space.getProperty("name")
                            + "' is one of several corpora, "
                            + SpacePositions.of(corpora).names()
                            + ", and this needs one of a single corpus; choose it with {space:"
                            + " ...}");
        }
        return corpora.get(0);
    }

    /** The corpora a space was fitted on, in the order of its positions. */
    public static List<Node> corpora(Node space) {
        try (var relationships = space.getRelationships(Direction.OUTGOING, Names.FITTED_ON)) {
            return relationships.stream()
                    .sorted(
                            Comparator.comparing(SpaceStore::batch)
                                    .thenComparing(r -> (String) name(r.getEndNode())))
                    .map(Relationship::getEndNode)
                    .toList();
        }
    }

    private static Object name(Node node) {
        return node.getProperty("name");
    }

    /** The number of the batch as which a corpus was added; 0 where it was there from the start. */
    private static int batch(Relationship fittedOn) {
        return (Integer) fittedOn.getProperty("batch", 0);
    }

    /** How many corpora were added to a space after it was fitted. */
    public static int batches(Node space) {
        try (var relationships = space.getRelationships(Direction.OUTGOING, Names.FITTED_ON)) {
            return relationships.stream().mapToInt(SpaceStore::batch).max().orElse(0);
        }
    }

    /**
     * A corpus that is being added to a space.
     *
     * @param corpus the corpus
     * @param number of the batch
     * @param complete whether all distributions have it; else the call was cut short
     */
    public record Batch(Node corpus, int number, boolean complete) {

        private static Batch of(Relationship fittedOn) {
            return new Batch(
                    fittedOn.getEndNode(),
                    batch(fittedOn),
                    (Boolean) fittedOn.getProperty("complete", true));
        }
    }

    /** The corpora of a space as batches, in the order of its positions. */
    public static List<Batch> corporaAsBatches(Node space) {
        try (var relationships = space.getRelationships(Direction.OUTGOING, Names.FITTED_ON)) {
            return relationships.stream()
                    .map(Batch::of)
                    .sorted(
                            Comparator.comparing(Batch::number)
                                    .thenComparing(b -> (String) name(b.corpus())))
                    .toList();
        }
    }

    /** Says that all distributions of a space have a batch. */
    public static void complete(Node space, Node corpus) {
        try (var relationships = space.getRelationships(Direction.OUTGOING, Names.FITTED_ON)) {
            relationships.stream()
                    .filter(r -> r.getEndNode().equals(corpus))
                    .forEach(r -> r.setProperty("complete", true));
        }
    }

    /**
     * Says that a space holds the positions of a corpus.
     *
     * @param fitted whether it is the corpus that the space is fitted on
     * @param departure how far its states leave the space, where that is known
     */
    public static Relationship link(
            BatchWriter writer,
            Node space,
            Node corpus,
            boolean fitted,
            Optional<Departure> departure) {
        Relationship of =
                space.createRelationshipTo(
                        writer.tx().getNodeByElementId(corpus.getElementId()), Names.FITTED_ON);
        of.setProperty("fitted", fitted);
        departure.ifPresent(
                d -> {
                    of.setProperty("principalAngle", d.angle());
                    of.setProperty("coverage", d.coverage());
                });
        return of;
    }

    /**
     * Says that a space holds the positions of a corpus after those it has, as its next batch,
     * which its distributions have yet to be given.
     *
     * @param departure how far its states leave the space, where that is known
     */
    public static void linkBatch(
            BatchWriter writer, Node space, Node corpus, Optional<Departure> departure) {
        int number = batches(space) + 1;
        Relationship of = link(writer, space, corpus, false, departure);
        of.setProperty("batch", number);
        of.setProperty("complete", false);
    }

    /**
     * One corpus of a space.
     *
     * @param name of the corpus
     * @param fitted whether it is the one that the space is fitted on
     * @param departure how far its states leave the space; of the one it is fitted on, how far its
     *     held-out prompts leave a space of the others; empty where not known
     */
    public record Placed(String name, boolean fitted, Optional<Departure> departure) {

        private static Placed of(Relationship relationship) {
            return new Placed(
                    (String) relationship.getEndNode().getProperty("name"),
                    (Boolean) relationship.getProperty("fitted", true),
                    relationship.hasProperty("coverage")
                            ? Optional.of(
                                    new Departure(
                                            (Double) relationship.getProperty("principalAngle"),
                                            (Double) relationship.getProperty("coverage")))
                            : Optional.empty());
        }
    }

    /** The corpora of a space, by their names. */
    public static List<Placed> placed(Node space) {
        try (var relationships = space.getRelationships(Direction.OUTGOING, Names.FITTED_ON)) {
            return relationships.stream()
                    .map(Placed::of)
                    .sorted(Comparator.comparing(Placed::name))
                    .toList();
        }
    }

    /** Names of the dictionaries whose features were recorded on a space's corpora. */
    public static List<String> dictionaries(Node space) {
        return corpora(space).stream()
                .flatMap(c -> CorpusStore.dictionaries(c).stream())
                .distinct()
                .toList();
    }

    /** Layers that have points of their own in a space, ascending; none where all share theirs. */
    static List<Integer> mappedLayers(Node space) {
        return (Boolean) space.getProperty("mapped", false)
                ? Arrays.stream((int[]) space.getProperty("layers")).boxed().toList()
                : List.of();
    }

    /**
     * Whether a space has no geometry: its points are numbers of tokens, which are equal or not.
     */
    public static boolean isOfTokens(Node space) {
        return space.getProperty("method").equals(TOKENS);
    }

    /**
     * What bounds the supports of distributions in a space. Those of tokens need no bound: they
     * have a position for each token.
     */
    public static SupportBuilder supports(
            Node space, SupportMethod method, int maxSupport, long seed) {
        return isOfTokens(space)
                ? SupportBuilder.merged()
                : new SupportBuilder(method, maxSupport, seed);
    }

    private static String pointsKey(String space, long start) {
        return space + "/" + start;
    }

    /** Rows in one block of a space of that dimension. */
    public static int rowsPerBlock(int dimension) {
        return Math.max(1, BLOCK_VALUES / dimension);
    }

    /** Writes one block of points, in the place of a shorter one. */
    public static void writeBlock(
            BatchWriter writer,
            BatchWriter.Handle space,
            CorpusStore.Block block,
            BitSet excluded) {
        String key = pointsKey((String) space.node().getProperty("name"), block.start());
        Node node = writer.tx().findNode(Names.POINTS, "key", key);
        if (node == null) {
            node = writer.tx().createNode(Names.POINTS);
            node.setProperty("key", key);
            node.createRelationshipTo(space.node(), Names.IN_SPACE);
        }
        node.setProperty("start", block.start());
        node.setProperty("count", block.count());
        node.setProperty("dimension", block.dimension());
        node.setProperty("values", block.values());
        int first = Math.toIntExact(block.start());
        node.setProperty("excluded", excluded.get(first, first + block.count()).stream().toArray());
        writer.wrote(400 + 4L * block.values().length);
    }

    /** One block of points, by the position of its first. */
    public static CorpusStore.Block block(Transaction tx, Node space, long start) {
        return CorpusStore.block(blockNode(tx, space, start));
    }

    /** Positions that no distribution in the space may rest on. */
    public static BitSet excluded(Transaction tx, Node space) {
        return excluded(tx, space, 0);
    }

    /**
     * The same from the block on that has a position: those before it are not looked at.
     *
     * @param first at most the number of positions of the space
     */
    public static BitSet excluded(Transaction tx, Node space, int first) {
        BitSet excluded = new BitSet();
        int positions = SpacePositions.of(space).size();
        int rows = rowsPerBlock(((Number) space.getProperty("dimension")).intValue());
        for (long start = first - first % rows; start < positions; ) {
            Node node = blockNode(tx, space, start);
            for (int offset : (int[]) node.getProperty("excluded")) {
                excluded.set(Math.toIntExact(start) + offset);
            }
            start += ((Number) node.getProperty("count")).intValue();
        }
        return excluded;
    }

    /**
     * The points of some positions.
     *
     * @param positions ascending
     * @return a table whose row i is the point of positions[i]
     */
    public static PointTable gather(Transaction tx, Node space, int[] positions) {
        int dimension = ((Number) space.getProperty("dimension")).intValue();
        int rows = rowsPerBlock(dimension);
        float[] gathered = new float[Math.multiplyExact(positions.length, dimension)];
        CorpusStore.Block block = null;
        for (int i = 0; i < positions.length; i++) {
            long start = positions[i] - positions[i] % rows;
            if (block == null || block.start() != start) {
                block = CorpusStore.block(blockNode(tx, space, start));
            }
            System.arraycopy(
                    block.values(),
                    Math.toIntExact(positions[i] - start) * dimension,
                    gathered,
                    i * dimension,
                    dimension);
        }
        return new PointTable(dimension, gathered);
    }

    private static Node blockNode(Transaction tx, Node space, long start) {
        String name = (String) space.getProperty("name");
        Node node = tx.findNode(Names.POINTS, "key", pointsKey(name, start));
        if (node == null) {
            throw new NotFoundException(
                    "points of reference space '"
                            + name
                            + "' from position "
                            + start
                            + " are missing");
        }
        return node;
    }

    /**
     * What became of what was derived from a space.
     *
     * @param distributions deleted
     * @param distances deleted
     * @param matchRuns marked as stale
     */
    public record Removed(long distributions, long distances, long matchRuns) {}

    /** How many compressions were made in a space, which they keep the name of when it is gone. */
    public static long compressions(Transaction tx, String space) {
        try (ResourceIterator<Node> compressions = tx.findNodes(Names.COMPRESSION)) {
            return compressions.stream()
                    .filter(c -> space.equals(c.getProperty("space", null)))
                    .count();
        }
    }

    /** How many distributions there are in a space. */
    public static long distributions(Node space) {
        try (var inSpace = space.getRelationships(Direction.INCOMING, Names.IN_SPACE)) {
            return inSpace.stream()
                    .filter(r -> r.getStartNode().hasLabel(Names.DISTRIBUTION))
                    .count();
        }
    }

    /**
     * Deletes a space with its points, distributions and distances; matches in it are stale from
     * then on. It is incomplete, and so refused by readers, until it is gone.
     */
    public static Removed delete(Session session, Node space) {
        boolean large =
                space.getDegree(Names.IN_SPACE, Direction.INCOMING) > BatchWriter.LARGE_DELETION;
        try (BatchWriter writer = BatchWriter.of(session, large, space)) {
            BatchWriter.Handle handle =
                    writer.handle(writer.tx().getNodeByElementId(space.getElementId()));
            String name = (String) handle.node().getProperty("name");
            handle.node().setProperty("complete", false);
            long matchRuns = MatchStore.markStale(writer.tx(), name);
            writer.flush();
            List<BatchWriter.Handle> dependants = new ArrayList<>();
            try (var relationships =
                    handle.node().getRelationships(Direction.INCOMING, Names.IN_SPACE)) {
                relationships.forEach(r -> dependants.add(writer.handle(r.getStartNode())));
            }
            long distributions = 0;
            long distances = 0;
            for (BatchWriter.Handle dependant : dependants) {
                session.monitor().check();
                Node node = dependant.node();
                if (node.hasLabel(Names.DISTRIBUTION)) {
                    distances += DistributionStore.deleteDistances(node, name);
                    distributions++;
                }
                CorpusStore.detachDelete(node);
                writer.wrote(70_000);
            }
            Relationship map =
                    handle.node().getSingleRelationship(Names.HAS_MAP, Direction.OUTGOING);
            if (map != null) {
                CorpusStore.detachDelete(map.getEndNode());
            }
            CorpusStore.detachDelete(handle.node());
            writer.finish();
            return new Removed(distributions, distances, matchRuns);
        }
    }
}
