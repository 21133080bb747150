package dev.sot.procedures.store;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.Distribution;
import dev.sot.transport.PointTable;
import dev.sot.transport.RunningSums;
import dev.sot.transport.Support;
import dev.sot.transport.SupportError;
import dev.sot.transport.SupportMethod;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.RelationshipType;
import org.neo4j.graphdb.Transaction;

/**
 * Features' distributions in a reference space: positions and weights only, since the points belong
 * to the space.
 */
public final class DistributionStore {

    /** When what a stored value rests on changed. */
    static final String STALE_SINCE = "staleSince";

    private DistributionStore() {}

    private static String key(String featureKey, String space) {
        return featureKey + "@" + space;
    }

    /**
     * How supports that have too many firings are bounded.
     *
     * @param method by which
     * @param maxSupport most points that are kept
     * @param seed of the sampling, where it is sampled
     */
    public record Bound(SupportMethod method, int maxSupport, long seed) {}

    /**
     * A distribution that can be added to.
     *
     * @param support over positions of the corpora
     * @param sums over all firings
     * @param bound how it is bounded
     * @param batch the last batch of the space that was looked at for it
     */
    public record Growing(Support support, RunningSums sums, Bound bound, int batch) {}

    /** Writes a feature's distribution, replacing an earlier one in the same space. */
    public static void write(
            BatchWriter writer, Node feature, BatchWriter.Handle space, Growing growing) {
        Support support = growing.support();
        Bound bound = growing.bound();
        String featureKey = (String) feature.getProperty("key");
        String key = key(featureKey, (String) space.node().getProperty("name"));
        Node node = writer.tx().findNode(Names.DISTRIBUTION, "key", key);
        if (node == null) {
            node = writer.tx().createNode(Names.DISTRIBUTION);
            node.setProperty("key", key);
            feature.createRelationshipTo(node, Names.HAS_DISTRIBUTION);
            node.createRelationshipTo(space.node(), Names.IN_SPACE);
        }
        Distribution distribution = support.distribution();
        node.setProperty("space", space.node().getProperty("name"));
        node.setProperty("support", distribution.size());
        node.setProperty("firings", support.firings());
        node.setProperty("excludedFirings", support.excludedFirings());
        node.setProperty("effectiveSampleSize", support.effectiveSampleSize());
        node.setProperty("supportMethod", Configuration.name(support.method()));
        node.setProperty("boundedBy", Configuration.name(bound.method()));
        node.setProperty("maxSupport", bound.maxSupport());
        set(
                node,
                "supportSeed",
                Optional.of(bound.seed()).filter(s -> bound.method() == SupportMethod.SAMPLED));
        set(node, "supportError1", support.error().map(SupportError::order1));
        set(node, "supportError2", support.error().map(SupportError::order2));
        node.setProperty("positions", distribution.positions());
        node.setProperty("weights", distribution.weights());
        RunningSums sums = growing.sums();
        node.setProperty("mass", sums.mass());
        node.setProperty("firstMoments", sums.firstMoments());
        node.setProperty("secondMoments", sums.secondMoments());
        node.setProperty("roundings", sums.roundings());
        node.setProperty("batch", growing.batch());
        node.setProperty("updatedAt", ZonedDateTime.now(ZoneOffset.UTC));
        writer.wrote(900 + 12L * distribution.size() + 16L * sums.roundings().length);
    }

    /**
     * What a feature's distribution is added to by; empty when it has none.
     *
     * @throws ConfigurationException when it was written without what that needs
     */
    public static Optional<Growing> growing(Transaction tx, String featureKey, String space) {
        return Optional.ofNullable(tx.findNode(Names.DISTRIBUTION, "key", key(featureKey, space)))
                .map(node -> growing(node, featureKey, space));
    }

    private static Growing growing(Node node, String featureKey, String space) {
        if (!node.hasProperty("mass")) {
            throw new ConfigurationException(
                    "the distribution of feature '%s' in the reference space '%s' was written before sums were kept, and cannot be added to; write it anew with CALL sot.distributions.write({space: '%s'})"
                            .formatted(featureKey, space, space));
        }
        Stored stored = Stored.of(node);
        return new Growing(
                new Support(
                        stored.distribution(),
                        ((Number) node.getProperty("firings")).intValue(),
                        ((Number) node.getProperty("excludedFirings")).intValue(),
                        (Double) node.getProperty("effectiveSampleSize"),
                        method(node, "supportMethod"),
                        stored.error()),
                new RunningSums(
                        (Double) node.getProperty("mass"),
                        (double[]) node.getProperty("firstMoments"),
                        (double[]) node.getProperty("secondMoments"),
                        (double[]) node.getProperty("roundings")),
                new Bound(
                        method(node, "boundedBy"),
                        (Integer) node.getProperty("maxSupport"),
                        (Long) node.getProperty("supportSeed", 0L)),
                (Integer) node.getProperty("batch"));
    }

    private static SupportMethod method(Node node, String key) {
        return Arrays.stream(SupportMethod.values())
                .filter(m -> Configuration.name(m).equals(node.getProperty(key)))
                .findFirst()
                .orElseThrow();
    }

    private static void set(Node node, String key, Optional<?> value) {
        value.ifPresentOrElse(v -> node.setProperty(key, v), () -> node.removeProperty(key));
    }

    /**
     * How the distributions of features in a space were made: properties that list, each in
     * ascending order, the methods, the numbers of points at most and the seeds that occur.
     */
    public static Map<String, Object> provenance(
            Session session, List<Node> features, String space) {
        Set<String> methods = new TreeSet<>();
        Set<Integer> sizes = new TreeSet<>();
        Set<Long> seeds = new TreeSet<>();
        for (Node feature : features) {
            session.monitor().check();
            Node node =
                    session.tx()
                            .findNode(
                                    Names.DISTRIBUTION,
                                    "key",
                                    key((String) feature.getProperty("key"), space));
            if (node != null) {
                add(methods, String.class, node.getProperty("supportMethod", null));
                add(sizes, Integer.class, node.getProperty("maxSupport", null));
                add(seeds, Long.class, seedOfSample(node));
            }
        }
        return Map.of(
                "supportMethods",
                methods.toArray(String[]::new),
                "supportSizes",
                sizes.stream().mapToInt(i -> i).toArray(),
                "supportSeeds",
                seeds.stream().mapToLong(s -> s).toArray());
    }

    /** The seed of a sample; null where nothing was left out. */
    private static Object seedOfSample(Node node) {
        return Configuration.name(SupportMethod.SAMPLED)
                        .equals(node.getProperty("supportMethod", null))
                ? node.getProperty("supportSeed", null)
                : null;
    }

    private static <T> void add(Set<T> values, Class<T> type, Object value) {
        if (value != null) {
            values.add(type.cast(value));
        }
    }

    /** Deletes a feature's distribution in a space, if there is one. */
    public static void delete(Transaction tx, String featureKey, String space) {
        Node node = tx.findNode(Names.DISTRIBUTION, "key", key(featureKey, space));
        if (node != null) {
            CorpusStore.detachDelete(node);
        }
    }

    /** Deletes the stored distances, in one space, of the feature that has the distribution. */
    static long deleteDistances(Node distribution, String space) {
        Relationship owner =
                distribution.getSingleRelationship(Names.HAS_DISTRIBUTION, Direction.INCOMING);
        return owner == null ? 0 : deleteDistancesOf(owner.getStartNode(), space);
    }

    /**
     * Deletes a feature's stored distances in one space, and its places among nearest neighbours:
     * they are stale once its distribution changes.
     */
    public static long deleteDistancesOf(Node feature, String space) {
        long deleted = 0;
        try (var relationships = feature.getRelationships(Names.SEMANTIC_DISTANCE, Names.NEAREST)) {
            for (Relationship relationship : relationships) {
                if (space.equals(relationship.getProperty("space"))) {
                    relationship.delete();
                    deleted++;
                }
            }
        }
        return deleted;
    }

    /**
     * What was marked as stale.
     *
     * @param distances stored distances
     * @param neighbours stored nearest neighbours
     */
    public record Marked(long distances, long neighbours) {}

    /**
     * Marks what is stored in one space and rests on a feature's distribution, which changes: its
     * distances, its nearest neighbours, and those of all features that have it among theirs. What
     * is marked already stays as it is and is not counted.
     */
    public static Marked markStale(Node feature, String space, ZonedDateTime now) {
        long distances = mark(feature, Direction.BOTH, Names.SEMANTIC_DISTANCE, space, now);
        long neighbours = mark(feature, Direction.OUTGOING, Names.NEAREST, space, now);
        try (var lists = feature.getRelationships(Direction.INCOMING, Names.NEAREST)) {
            for (Relationship place : lists) {
                if (space.equals(place.getProperty("space")) && !place.hasProperty(STALE_SINCE)) {
                    neighbours +=
                            mark(
                                    place.getStartNode(),
                                    Direction.OUTGOING,
                                    Names.NEAREST,
                                    space,
                                    now);
                }
            }
        }
        return new Marked(distances, neighbours);
    }

    private static long mark(
            Node feature,
            Direction direction,
            RelationshipType type,
            String space,
            ZonedDateTime now) {
        long marked = 0;
        try (var relationships = feature.getRelationships(direction, type)) {
            for (Relationship relationship : relationships) {
                if (space.equals(relationship.getProperty("space"))
                        && !relationship.hasProperty(STALE_SINCE)) {
                    relationship.setProperty(STALE_SINCE, now);
                    marked++;
                }
            }
        }
        return marked;
    }

    /**
     * A stored distribution.
     *
     * @param distribution over positions of the corpus
     * @param error how far it is from the distribution over all of the feature's firings; empty
     *     where not known
     */
    public record Stored(Distribution distribution, Optional<SupportError> error) {

        private static Stored of(Node node) {
            return new Stored(
                    new Distribution(
                            (int[]) node.getProperty("positions"),
                            (double[]) node.getProperty("weights")),
                    error(node));
        }

        private static Optional<SupportError> error(Node node) {
            if (node.hasProperty("supportError1")) {
                return Optional.of(
                        new SupportError(
                                (Double) node.getProperty("supportError1"),
                                (Double) node.getProperty("supportError2")));
            }
            // Written before there were errors, with all firings.
            return node.getProperty("sampled", true).equals(false)
                    ? Optional.of(SupportError.NONE)
                    : Optional.empty();
        }
    }

    /** A feature's distribution in a space; empty when it has none. */
    public static Optional<Stored> find(Transaction tx, String featureKey, String space) {
        return Optional.ofNullable(tx.findNode(Names.DISTRIBUTION, "key", key(featureKey, space)))
                .map(Stored::of);
    }

    /** The positions of a feature's distribution, without its weights; empty when it has none. */
    public static Optional<int[]> positions(Transaction tx, String featureKey, String space) {
        return Optional.ofNullable(tx.findNode(Names.DISTRIBUTION, "key", key(featureKey, space)))
                .map(node -> (int[]) node.getProperty("positions"));
    }

    /** A feature's distribution in a space. */
    public static Stored require(Transaction tx, String featureKey, String space) {
        return find(tx, featureKey, space)
                .orElseThrow(
                        () ->
                                new ConfigurationException(
                                        "feature '"
                                                + featureKey
                                                + "' has no distribution in the reference space '"
                                                + space
                                                + "': it never fires on the corpus outside the"
                                                + " excluded positions, or CALL"
                                                + " sot.distributions.write({space: '"
                                                + space
                                                + "'}) has not been run since it was imported"));
    }

    /**
     * Distributions over a table that holds only the points they need.
     *
     * @param points the table
     * @param distributions the same distributions, in the same order, with positions into the table
     * @param positions corpus position of each row of the table, ascending
     * @param errors for each distribution, how far it is from the full one; empty where not known
     */
    public record Loaded(
            PointTable points,
            List<Distribution> distributions,
            int[] positions,
            List<Optional<SupportError>> errors) {

        /** Reads the points of stored distributions. */
        public static Loaded of(Transaction tx, Node space, List<Stored> stored) {
            CompactPoints compact =
                    CompactPoints.of(tx, space, stored.stream().map(Stored::distribution).toList());
            return new Loaded(
                    compact.points(),
                    stored.stream().map(s -> compact.rows(s.distribution())).toList(),
                    compact.positions(),
                    stored.stream().map(Stored::error).toList());
        }
    }
}
