package dev.sot.procedures.match;

import dev.sot.formats.JsonMap;
import dev.sot.procedures.meta.Version;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.MatchStore;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.match.Blocks;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.neo4j.graphdb.Node;

/**
 * Stores a run of matches. Up to 4,000 sources and targets in the caller's transaction; more in
 * transactions of its own, with what is computed kept on the way: repeated after it was stopped, it
 * goes on, and writes what it would have written.
 */
final class MatchWrite {

    /** Sources and targets above which a run is staged. */
    static final int SINGLE_TRANSACTION_FEATURES = 4_000;

    private final Session session;
    private final MatchConfig config;
    private final MatchSelection selection;
    private final String run;
    private final String configuration;
    private final Stopwatch stopwatch = new Stopwatch();

    MatchWrite(Session session, MatchConfig config) {
        SchemaStore.require(session.tx());
        this.session = session;
        this.config = config;
        this.selection = MatchSelection.of(session, config);
        this.run = config.runOr(selection.spaceName());
        this.configuration = configuration(config.effective());
    }

    /** What a run's result depends on. */
    static String configuration(Map<String, Object> effective) {
        Map<String, Object> relevant = new LinkedHashMap<>(effective);
        relevant.remove("concurrency");
        relevant.remove("run");
        return JsonMap.write(relevant);
    }

    MatchWriteResult run() {
        return Exclusive.run(session, "match run '" + run + "'", this::write);
    }

    private MatchWriteResult write() {
        MatchStore.requireSame(session.tx(), run, configuration);
        boolean large =
                selection.sources().size() + selection.targets().size()
                        > SINGLE_TRANSACTION_FEATURES;
        if (!large) {
            return write(Blocks.atOnce(session.monitor()), () -> 0, false);
        }
        selection.requireFiring(session, new SideFirings(session, selection.space(), config));
        try (BatchWriter writer = BatchWriter.batched(session, selection.space())) {
            MatchStore.begin(writer, run, configuration, selection.inputs());
            writer.finish();
        }
        StagedBlocks blocks = new StagedBlocks(session, run);
        return write(blocks, blocks::resumed, true);
    }

    private MatchWriteResult write(Blocks blocks, LongSupplier resumed, boolean large) {
        try (Matcher matcher = new Matcher(session, config, selection, blocks);
                BatchWriter writer = BatchWriter.of(session, large)) {
            if (!large) {
                MatchStore.begin(writer, run, configuration, "");
            }
            long computeMillis = stopwatch.lap();
            long deleted = MatchStore.deleteMatches(session, writer, run);
            Map<Node, BatchWriter.Handle> handles = new HashMap<>();
            int written = 0;
            for (Certificate match : matcher.matches()) {
                session.monitor().check();
                session.monitor().progress("writing matches", written++, matcher.matches().size());
                MatchRow row = new MatchRow(matcher.clouds(), match);
                MatchStore.write(
                        writer,
                        here(writer, handles, row.source),
                        here(writer, handles, row.target),
                        row.properties(run, selection.spaceName()));
            }
            MatchStats stats = new MatchStats(matcher, computeMillis, config.effective());
            MatchStore.complete(writer, run, properties(stats));
            writer.finish();
            return new MatchWriteResult(run, stats, resumed.getAsLong(), deleted, stopwatch.lap());
        }
    }

    /** A node in the transaction that is written in. */
    static Node here(BatchWriter writer, Map<Node, BatchWriter.Handle> handles, Node feature) {
        return handles.computeIfAbsent(
                        feature,
                        f -> writer.handle(writer.tx().getNodeByElementId(f.getElementId())))
                .node();
    }

    private Map<String, Object> properties(MatchStats stats) {
        return MatchStore.known(
                "version", Version.get(),
                "space", stats.space,
                "spaceHash", selection.space().getProperty("contentHash", null),
                "order", config.distance().order(),
                "groundCost", config.distance().groundCostName(selection.space()),
                "sources", stats.sources,
                "targets", stats.targets,
                "sourcesWithoutDistribution", stats.sourcesWithoutDistribution,
                "targetsWithoutDistribution", stats.targetsWithoutDistribution,
                "matches", stats.matches,
                "sourcesWithoutMatch", stats.sourcesWithoutMatch,
                "certified", stats.certified,
                "untested", stats.untested,
                "mutual", stats.mutual,
                "distinctTargets", stats.distinctTargets,
                "marginHolds", stats.marginHolds,
                "meanDistance", stats.meanDistance);
    }
}
