package dev.sot.procedures.distribution;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.space.SpaceGrowth;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.DistributionStore.Bound;
import dev.sot.procedures.store.DistributionStore.Growing;
import dev.sot.procedures.store.MatchStore;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.SupportMethod;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.neo4j.graphdb.Node;

/**
 * Adds a corpus to a space and to the distributions there. First its positions are placed and the
 * corpus is linked as the space's next batch; then each feature that fires in it gets it added to
 * its distribution, which says which batch it has; at last the batch is complete. So a call that
 * was cut short goes on where it was, and nothing is added twice.
 *
 * <p>Up to 20,000 features and 4,000,000 values are written in the caller's transaction; more in
 * batches, of which each leaves every feature with either its old distribution or its new one.
 */
final class DistributionAppend {

    private static final int SINGLE_TRANSACTION_FEATURES = 20_000;

    private static final long SINGLE_TRANSACTION_VALUES = 4_000_000;

    private final Session session;
    private final AppendConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Node space;
    private final String spaceName;
    private final Node corpus;
    private final Bound bound;
    private final AppendCounts counts = new AppendCounts();
    private final ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);

    DistributionAppend(Session session, AppendConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
        this.space = SpaceStore.require(session.tx(), config.space(), List.of());
        this.spaceName = (String) space.getProperty("name");
        this.corpus = corpus();
        this.bound = config.bound(space);
        config.effective().put("space", spaceName);
        config.effective().put("corpus", corpus.getProperty("name"));
    }

    private Node corpus() {
        return CorpusStore.require(
                session.tx(),
                config.corpus()
                        .orElseThrow(
                                () ->
                                        new ConfigurationException(
                                                "sot.distributions.append: name the corpus to add with {corpus: ...}; the reference space '%s' has %s"
                                                        .formatted(
                                                                spaceName,
                                                                SpacePositions.of(space)
                                                                        .names()))));
    }

    AppendResult run() {
        return Exclusive.run(session, "reference space '" + spaceName + "'", this::append);
    }

    private AppendResult append() {
        List<Node> features = CorpusStore.firingFeatures(session, corpus);
        boolean large =
                features.size() > SINGLE_TRANSACTION_FEATURES
                        || (Long) corpus.getProperty("positions")
                                        * ((Number) space.getProperty("dimension")).longValue()
                                > SINGLE_TRANSACTION_VALUES;
        try (BatchWriter writer = BatchWriter.of(session, large, space, corpus);
                Heap heap = session.heap()) {
            if (!large) {
                // Held until the caller's transaction ends: nobody else adds the next batch before.
                session.tx().acquireWriteLock(space);
            }
            Optional<SpaceStore.Batch> there = there();
            if (there.filter(SpaceStore.Batch::complete).isPresent()) {
                return result("unchanged", there.get());
            }
            if (there.isEmpty()) {
                requireFitting();
                new SpaceGrowth(session, heap, space, corpus, config.concurrency()).write(writer);
                writer.flush();
            }
            List<SpaceStore.Batch> batches = SpaceStore.corporaAsBatches(space);
            SpaceStore.Batch batch = batches.get(batches.size() - 1);
            new Additions(writer, batch).add(features);
            SpaceStore.complete(
                    writer.tx().getNodeByElementId(space.getElementId()),
                    writer.tx().getNodeByElementId(corpus.getElementId()));
            writer.finish();
            return result(there.isEmpty() ? "appended" : "completed", batch);
        }
    }

    private AppendResult result(String status, SpaceStore.Batch batch) {
        return new AppendResult(
                spaceName, batch, status, counts, space, stopwatch.lap(), config.effective());
    }

    /**
     * The corpus as part of the space, where it is; a corpus with the same contents counts as it.
     *
     * @throws ConfigurationException when another one has to be completed first
     */
    private Optional<SpaceStore.Batch> there() {
        List<SpaceStore.Batch> batches = SpaceStore.corporaAsBatches(space);
        batches.stream()
                .filter(b -> !b.complete() && !b.corpus().equals(corpus))
                .findFirst()
                .ifPresent(
                        b -> {
                            throw new ConfigurationException(
                                    "adding corpus '%s' to the reference space '%s' was cut short; repeat CALL sot.distributions.append({space: '%s', corpus: '%s'}) first"
                                            .formatted(
                                                    b.corpus().getProperty("name"),
                                                    spaceName,
                                                    spaceName,
                                                    b.corpus().getProperty("name")));
                        });
        Object hash = corpus.getProperty("contentHash");
        return batches.stream()
                .filter(b -> hash.equals(b.corpus().getProperty("contentHash")))
                .findFirst();
    }

    private void requireFitting() {
        Node first = SpaceStore.corpora(space).get(0);
        Object model = first.getProperty("model");
        if (!SpaceStore.isOfTokens(space) && !model.equals(corpus.getProperty("model"))) {
            throw new ConfigurationException(
                    "the corpus '%s' is of model '%s', and the reference space '%s' of '%s'; only a space of tokens holds corpora of several models"
                            .formatted(
                                    corpus.getProperty("name"),
                                    corpus.getProperty("model"),
                                    spaceName,
                                    model));
        }
        List<String> recorded = SpaceStore.dictionaries(space);
        if (Collections.disjoint(recorded, CorpusStore.dictionaries(corpus))) {
            throw new ConfigurationException(
                    "the corpus '%s' has activations of %s, and the reference space '%s' is of %s: there is nothing to add"
                            .formatted(
                                    corpus.getProperty("name"),
                                    CorpusStore.dictionaries(corpus),
                                    spaceName,
                                    recorded));
        }
    }

    /** Adds the batch to the distributions, feature by feature. */
    private final class Additions {

        private final BatchWriter writer;
        private final BatchWriter.Handle handle;
        private final SpaceStore.Batch batch;
        private final SpacePositions positions;
        private final int place;
        private final BitSet excluded;
        private final Map<Bound, GrowingBatches> growing = new LinkedHashMap<>();
        private final Set<String> touched = new HashSet<>();
        private Optional<BitSet> excludedEverywhere = Optional.empty();

        Additions(BatchWriter writer, SpaceStore.Batch batch) {
            this.writer = writer;
            this.handle = writer.handle(writer.tx().getNodeByElementId(space.getElementId()));
            this.batch = batch;
            this.positions = SpacePositions.of(space);
            this.place = positions.corpora().indexOf(batch.corpus());
            this.excluded = SpaceStore.excluded(session.tx(), space, positions.starts()[place]);
        }

        void add(List<Node> features) {
            int looked = 0;
            for (Node feature : features) {
                session.monitor().check();
                session.monitor().progress("adding to distributions", looked++, features.size());
                firings(feature, positions.activations(session.tx(), feature, place), excluded)
                        .ifPresentOrElse(
                                firings -> add(feature, firings), () -> counts.onlyExcluded++);
            }
            growing.values().forEach(GrowingBatches::finish);
            if (!touched.isEmpty()) {
                counts.staleMatchRuns = MatchStore.markStale(writer.tx(), spaceName);
                counts.staleCompressions =
                        CompressionStore.markStale(session, writer.tx(), spaceName, touched, now);
            }
        }

        private void add(Node feature, Firings firings) {
            String key = firings.feature();
            Optional<Growing> earlier = DistributionStore.growing(session.tx(), key, spaceName);
            if (earlier.isEmpty() && !(config.newFeatures() && isNew(feature))) {
                counts.withoutDistribution++;
                return;
            }
            touched.add(key);
            if (earlier.filter(e -> e.batch() >= batch.number()).isPresent()) {
                counts.completedBefore++;
                return;
            }
            counts.firings += firings.size();
            counts.excludedFirings += firings.excluded();
            GrowingBatches bounded =
                    growing.computeIfAbsent(
                            earlier.map(Growing::bound).orElse(bound),
                            b ->
                                    new GrowingBatches(
                                            session,
                                            space,
                                            b,
                                            batch.number(),
                                            config.concurrency(),
                                            this::write));
            if (earlier.isEmpty()) {
                counts.newFeatures++;
                bounded.build(feature, firings);
            } else if (earlier.get().bound().method() == SupportMethod.SAMPLED) {
                // A systematic sample cannot be added to; one of all firings is what a build gives.
                bounded.build(feature, everywhere(feature).orElseThrow());
            } else {
                bounded.add(feature, earlier.get(), firings);
            }
        }

        /** Whether a feature fires in the batch and nowhere before. */
        private boolean isNew(Node feature) {
            return everywhere(feature).orElseThrow().distribution().positions()[0]
                    >= positions.starts()[place];
        }

        private Optional<Firings> everywhere(Node feature) {
            if (excludedEverywhere.isEmpty()) {
                excludedEverywhere = Optional.of(SpaceStore.excluded(session.tx(), space));
            }
            return firings(
                    feature,
                    positions.activations(session.tx(), feature),
                    excludedEverywhere.get());
        }

        private void write(Node feature, Growing grown) {
            Node here = writer.tx().getNodeByElementId(feature.getElementId());
            counts.count(DistributionStore.markStale(here, spaceName, now), grown.support());
            DistributionStore.write(writer, here, handle, grown);
        }
    }

    private static Optional<Firings> firings(
            Node feature, CorpusStore.FeatureActivations activations, BitSet excluded) {
        return Firings.of(
                (String) feature.getProperty("key"),
                activations.positions(),
                activations.values(),
                excluded);
    }
}
