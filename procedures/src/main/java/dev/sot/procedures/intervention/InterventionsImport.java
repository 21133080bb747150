package dev.sot.procedures.intervention;

import dev.sot.formats.InterventionKind;
import dev.sot.formats.InterventionList.Partition;
import dev.sot.formats.InterventionResults;
import dev.sot.formats.InterventionResults.Result;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressedFeatures;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.InterventionStore;
import dev.sot.procedures.store.InterventionStore.Outcome;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.neo4j.graphdb.Node;

/** Stores what a model did under the interventions of exported compressions. */
final class InterventionsImport {

    private final Session session;

    InterventionsImport(Session session) {
        this.session = session;
    }

    List<ImportInterventionsResult> run(Path file, String name) {
        SchemaStore.require(session.tx());
        InterventionResults results =
                InterventionResults.read(
                        file,
                        name,
                        (done, total) -> {
                            session.monitor().check();
                            session.monitor().progress("reading " + name, done, total);
                        });
        Map<String, Stored> compressions = new LinkedHashMap<>();
        for (Result result : results.results()) {
            compressions
                    .computeIfAbsent(result.compression(), id -> new Stored(id, name))
                    .requireFits(result);
        }
        InterventionStore.Setting setting =
                new InterventionStore.Setting(
                        results.model(), results.promptSet(), results.others());
        long done = 0;
        for (Result result : results.results()) {
            session.monitor().check();
            session.monitor().progress("storing results", done++, results.results().size());
            compressions.get(result.compression()).store(result, setting, results.prompts());
        }
        return compressions.values().stream().map(Stored::summary).toList();
    }

    /** A compression that results are of. */
    private final class Stored {
        private final String source;
        private final Node compression;
        private final Partition partition;
        private final String hash;
        private final Map<String, Node> supernodes = new HashMap<>();
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        private Double faithfulness;

        Stored(String id, String source) {
            this.source = source;
            this.compression = session.tx().findNode(Names.COMPRESSION, "id", id);
            if (compression == null) {
                throw new ConfigurationException(
                        source
                                + ": it has results of compression '"
                                + id
                                + "', which the database does not hold; make that compression"
                                + " again, or run the interventions of those there are");
            }
            this.partition = CompressedFeatures.of(compression);
            this.hash = partition.hash();
            CompressionStore.supernodes(compression)
                    .forEach(s -> supernodes.put((String) s.getProperty("key"), s));
        }

        void requireFits(Result result) {
            if (!result.partition().equals(hash)) {
                throw new ConfigurationException(
                        source
                                + ": the results of compression '"
                                + partition.compression()
                                + "' are those of another partition of circuit '"
                                + partition.circuit()
                                + "': it was compressed again in between; export its interventions"
                                + " and run them anew");
            }
            if (result.supernode() != null && !supernodes.containsKey(result.supernode())) {
                throw new ConfigurationException(
                        source
                                + ": compression '"
                                + partition.compression()
                                + "' has no supernode '"
                                + result.supernode()
                                + "'; write the supernode as the list of interventions names it");
            }
        }

        void store(Result result, InterventionStore.Setting setting, long prompts) {
            result.measures()
                    .forEach(
                            (measure, value) ->
                                    outcomes.merge(
                                            InterventionStore.write(
                                                    session.tx(),
                                                    compression,
                                                    supernodes.get(result.supernode()),
                                                    setting,
                                                    result.kind(),
                                                    measure,
                                                    value,
                                                    prompts,
                                                    source),
                                            1L,
                                            Long::sum));
            if (result.kind() == InterventionKind.AVERAGE) {
                faithfulness = result.measures().get(InterventionStore.FAITHFULNESS);
            }
        }

        ImportInterventionsResult summary() {
            return new ImportInterventionsResult(
                    partition.compression(),
                    partition.circuit(),
                    outcomes.getOrDefault(Outcome.CREATED, 0L),
                    outcomes.getOrDefault(Outcome.REPLACED, 0L),
                    outcomes.getOrDefault(Outcome.UNCHANGED, 0L),
                    faithfulness);
        }
    }
}
