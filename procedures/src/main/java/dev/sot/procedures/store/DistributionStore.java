package dev.sot.procedures.store;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.Distribution;
import dev.sot.transport.PointTable;
import dev.sot.transport.Support;
import dev.sot.transport.SupportError;
import dev.sot.transport.SupportMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.Transaction;

/**
 * Features' distributions in a reference space: positions and weights only, since the points belong
 * to the space.
 */
public final class DistributionStore {

    private DistributionStore() {}

    private static String key(String featureKey, String space) {
        return featureKey + "@" + space;
    }

    /**
     * Writes a feature's distribution, replacing an earlier one in the same space.
     *
     * @param maxSupport most points that it could have had
     * @param seed of the sampling, where it is sampled
     */
    public static void write(
            BatchWriter writer,
            Node feature,
            BatchWriter.Handle space,
            Support support,
            int maxSupport,
            long seed) {
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
        node.setProperty("maxSupport", maxSupport);
        set(
                node,
                "supportSeed",
                Optional.of(seed).filter(s -> support.method() == SupportMethod.SAMPLED));
        set(node, "supportError1", support.error().map(SupportError::order1));
        set(node, "supportError2", support.error().map(SupportError::order2));
        node.setProperty("positions", distribution.positions());
        node.setProperty("weights", distribution.weights());
        writer.wrote(800 + 12L * distribution.size());
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
                add(seeds, Long.class, node.getProperty("supportSeed", null));
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
