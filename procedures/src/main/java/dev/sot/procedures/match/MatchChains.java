package dev.sot.procedures.match;

import dev.sot.procedures.meta.Version;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.MatchStore;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.match.Chains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** Follows features through layers, and returns or stores what becomes of them. */
final class MatchChains {

    private final Session session;
    private final ChainsConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    MatchChains(Session session, ChainsConfig config) {
        this.session = session;
        this.config = config;
    }

    Stream<ChainRow> stream() {
        try (Heap heap = session.heap()) {
            return rows(new FollowedLayers(session, heap, config)).stream();
        }
    }

    private static List<ChainRow> rows(FollowedLayers followed) {
        List<List<Node>> layers = followed.layers();
        List<Chains.Path> paths = followed.chains().paths();
        Map<Node, Integer> chainOf = new HashMap<>();
        for (int path = 0; path < paths.size(); path++) {
            int layer = paths.get(path).layer();
            for (int feature : paths.get(path).features()) {
                chainOf.put(layers.get(layer++).get(feature), path);
            }
        }
        List<ChainRow> rows = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            Map<Node, List<Node>> before = new HashMap<>();
            Map<Node, List<Node>> after = new HashMap<>();
            if (layer > 0) {
                neighbours(followed, layer - 1, before, new HashMap<>());
            }
            if (layer + 1 < layers.size()) {
                neighbours(followed, layer, new HashMap<>(), after);
            }
            for (int index = 0; index < layers.get(layer).size(); index++) {
                Node feature = layers.get(layer).get(index);
                Integer path = chainOf.get(feature);
                rows.add(
                        new ChainRow(
                                feature,
                                followed.chains().fates(layer, index),
                                before.getOrDefault(feature, List.of()),
                                after.getOrDefault(feature, List.of()),
                                path == null ? null : path + 1L,
                                path == null ? null : (long) paths.get(path).features().size()));
            }
        }
        return rows;
    }

    /**
     * Adds the ends of a layer's links to the next: of the next its predecessors, of it the others.
     */
    private static void neighbours(
            FollowedLayers followed,
            int layer,
            Map<Node, List<Node>> predecessors,
            Map<Node, List<Node>> successors) {
        for (Chains.Link link : followed.links().get(layer).keySet()) {
            Node source = followed.layers().get(layer).get(link.source());
            Node target = followed.layers().get(layer + 1).get(link.target());
            predecessors.computeIfAbsent(target, t -> new ArrayList<>()).add(source);
            successors.computeIfAbsent(source, s -> new ArrayList<>()).add(target);
        }
    }

    ChainsWriteResult write() {
        SchemaStore.require(session.tx());
        String run = config.run();
        return Exclusive.run(session, "match run '" + run + "'", () -> write(run));
    }

    private ChainsWriteResult write(String run) {
        String configuration = MatchWrite.configuration(config.match().effective());
        MatchStore.requireSame(session.tx(), run, configuration);
        Node space = config.space(session);
        try (Heap heap = session.heap()) {
            FollowedLayers followed = new FollowedLayers(session, heap, config);
            try (BatchWriter writer = BatchWriter.of(session, large(run, followed), space)) {
                return write(writer, run, configuration, space, followed);
            }
        }
    }

    /** Whether there is too much to write or to delete for one transaction. */
    private boolean large(String run, FollowedLayers followed) {
        return followed.size() > BatchWriter.LARGE_DELETION
                || MatchStore.find(session.tx(), run).isPresent()
                        && MatchStore.large(session.tx(), run);
    }

    private ChainsWriteResult write(
            BatchWriter writer,
            String run,
            String configuration,
            Node space,
            FollowedLayers followed) {
        String spaceName = (String) space.getProperty("name");
        MatchStore.begin(writer, run, configuration, "");
        long deleted = MatchStore.deleteMatches(session, writer, run);
        Map<Node, BatchWriter.Handle> handles = new HashMap<>();
        int written = 0;
        for (int layer = 0; layer < followed.links().size(); layer++) {
            List<Node> sources = followed.layers().get(layer);
            List<Node> targets = followed.layers().get(layer + 1);
            for (Map.Entry<Chains.Link, MatchRow> link : followed.links().get(layer).entrySet()) {
                session.monitor().check();
                session.monitor().progress("writing links", written++, followed.size());
                MatchStore.write(
                        writer,
                        MatchWrite.here(writer, handles, sources.get(link.getKey().source())),
                        MatchWrite.here(writer, handles, targets.get(link.getKey().target())),
                        link.getValue().properties(run, spaceName));
            }
        }
        ChainsWriteResult result =
                new ChainsWriteResult(
                        run, followed, deleted, stopwatch.lap(), config.match().effective());
        MatchStore.complete(
                writer,
                run,
                MatchStore.known(
                        "version", Version.get(),
                        "space", spaceName,
                        "layers", result.layers,
                        "matches", result.written,
                        "chains", result.chains,
                        "silent", result.silent,
                        "born", result.born,
                        "persists", result.persists,
                        "splits", result.splits,
                        "merges", result.merges,
                        "dies", result.dies));
        writer.finish();
        return result;
    }
}
