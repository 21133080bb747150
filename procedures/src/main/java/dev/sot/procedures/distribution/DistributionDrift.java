package dev.sot.procedures.distribution;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.match.Drift;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** Compares features' distributions over some corpora of a space with those over others. */
final class DistributionDrift {

    private final Session session;
    private final DriftConfig config;
    private final Node space;
    private final SpacePositions positions;
    private final BitSet excluded;
    private final BitSet from;
    private final BitSet to;
    private final int[] prompts;
    private final FiringBatches<Drift> batches;
    private final Queue<Drift.Pair> waiting = new ArrayDeque<>();

    DistributionDrift(Session session, DriftConfig config) {
        this.session = session;
        this.config = config;
        this.space = SpaceStore.require(session.tx(), config.distance().space(), List.of());
        config.requireFitting(space);
        this.positions = SpacePositions.of(space);
        this.excluded = SpaceStore.excluded(session.tx(), space);
        List<String> names = positions.names();
        if (names.size() < 2) {
            throw new ConfigurationException(
                    "sot.distributions.drift: the reference space '%s' has one corpus only, %s; add another with CALL sot.distributions.append({corpus: ...})"
                            .formatted(space.getProperty("name"), names));
        }
        List<String> later =
                config.to()
                        .orElseGet(
                                () -> {
                                    List<String> rest = new ArrayList<>(names);
                                    rest.removeAll(config.from().orElse(List.of()));
                                    return config.from().isPresent()
                                            ? rest
                                            : List.of(names.get(names.size() - 1));
                                });
        List<String> earlier =
                config.from()
                        .orElseGet(
                                () -> {
                                    List<String> rest = new ArrayList<>(names);
                                    rest.removeAll(later);
                                    return rest;
                                });
        this.from = corpora("from", earlier);
        this.to = corpora("to", later);
        if (from.intersects(to)) {
            throw new ConfigurationException(
                    "sot.distributions.drift: `from` %s and `to` %s have a corpus in common"
                            .formatted(earlier, later));
        }
        this.prompts = positions.prompts(session);
        SupportBuilder builder =
                SpaceStore.supports(space, config.method(), config.support(), config.seed());
        this.batches =
                new FiringBatches<>(
                        session, space, (firings, compact) -> look(firings, compact, builder));
    }

    private BitSet corpora(String key, Collection<String> names) {
        BitSet places = new BitSet();
        for (String name : new TreeSet<>(names)) {
            int place = positions.names().indexOf(name);
            if (place < 0) {
                throw new ConfigurationException(
                        "sot.distributions.drift: the reference space '%s' has no corpus '%s' (`%s`); it has %s"
                                .formatted(
                                        space.getProperty("name"), name, key, positions.names()));
            }
            places.set(place);
        }
        if (places.isEmpty()) {
            throw new ConfigurationException(
                    "sot.distributions.drift: `%s` names no corpus of the reference space '%s', which has %s"
                            .formatted(key, space.getProperty("name"), positions.names()));
        }
        return places;
    }

    private List<Drift> look(List<Firings> pooled, CompactPoints compact, SupportBuilder builder) {
        List<Drift.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < pooled.size(); i++) {
            Drift.Pair pair = waiting.remove();
            pairs.add(new Drift.Pair(rows(pair.from(), compact), rows(pair.to(), compact)));
        }
        int[] promptOfRow = Arrays.stream(compact.positions()).map(p -> prompts[p]).toArray();
        return new Drift.Measure(
                        new Geometry(
                                compact.points(),
                                config.distance().groundCost(space),
                                config.distance().order()),
                        builder,
                        promptOfRow,
                        config.resamples(),
                        config.seed())
                .of(pairs, config.concurrency(), session.monitor());
    }

    private static Firings rows(Firings firings, CompactPoints compact) {
        return firings.on(compact.rows(firings.distribution()));
    }

    /** A feature that fires in some of the corpora. */
    private record Read(Node feature, Optional<Firings> from, Optional<Firings> to) {}

    Stream<DriftRow> rows() {
        List<Node> features =
                config.selection().resolve(session.tx(), SpaceStore.dictionaries(space));
        List<Read> reads = new ArrayList<>();
        List<DriftRow> rows = new ArrayList<>();
        int looked = 0;
        for (Node feature : features) {
            session.monitor().check();
            session.monitor().progress("measuring drift", looked++, features.size());
            Read read = new Read(feature, firings(feature, from), firings(feature, to));
            if (read.from().isPresent() && read.to().isPresent()) {
                reads.add(read);
                Drift.Pair pair = new Drift.Pair(read.from().get(), read.to().get());
                waiting.add(pair);
                if (batches.add(pooled(pair))) {
                    add(reads, rows);
                }
            } else if (read.from().isPresent() || read.to().isPresent()) {
                rows.add(row(read, Optional.empty()));
            }
        }
        add(reads, rows);
        rows.sort(
                Comparator.comparing((DriftRow r) -> r.beyondNoise != Boolean.TRUE)
                        .thenComparing(
                                r -> r.excess, Comparator.nullsLast(Comparator.reverseOrder()))
                        .thenComparing(r -> r.feature));
        return rows.stream();
    }

    /** Only for the points that both need. */
    private static Firings pooled(Drift.Pair pair) {
        int[] all = Arrays.stream(pair.union()).sorted().toArray();
        double[] weights = new double[all.length];
        Arrays.fill(weights, 1);
        return new Firings(
                pair.from().feature(), new Distribution(all, weights), 0, pair.from().mass());
    }

    private void add(List<Read> reads, List<DriftRow> rows) {
        Iterator<Drift> measured = batches.take().iterator();
        reads.forEach(read -> rows.add(row(read, Optional.of(measured.next()))));
        reads.clear();
    }

    private DriftRow row(Read read, Optional<Drift> drift) {
        return new DriftRow(
                (String) read.feature().getProperty("key"),
                drift,
                // Errors of supports are of the Euclidean cost; those of tokens have none.
                config.distance().groundCost(space) == GroundCost.COSINE
                        ? Optional.empty()
                        : drift.flatMap(Drift::error).map(e -> e.of(config.distance().order())),
                1.0 / (1 + config.resamples()),
                read.from(),
                positions(from),
                read.to(),
                positions(to));
    }

    private long positions(BitSet corpora) {
        return corpora.stream()
                .mapToLong(c -> positions.starts()[c + 1] - positions.starts()[c])
                .sum();
    }

    private Optional<Firings> firings(Node feature, BitSet corpora) {
        List<CorpusStore.FeatureActivations> recorded =
                corpora.stream()
                        .mapToObj(c -> positions.activations(session.tx(), feature, c))
                        .filter(a -> a != null)
                        .toList();
        return Firings.of(
                (String) feature.getProperty("key"),
                recorded.stream().flatMapToInt(r -> Arrays.stream(r.positions())).toArray(),
                recorded.stream().flatMapToDouble(r -> Arrays.stream(r.values())).toArray(),
                excluded);
    }
}
