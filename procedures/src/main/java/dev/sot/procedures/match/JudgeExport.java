package dev.sot.procedures.match;

import dev.sot.formats.JsonMap;
import dev.sot.formats.JudgeFile;
import dev.sot.formats.JudgeTask;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.labelling.Contexts;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.JudgementStore;
import dev.sot.procedures.store.JudgementStore.Pair;
import dev.sot.procedures.store.MatchStore;
import dev.sot.procedures.store.SchemaStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Writes pairs of features for a judge, and keeps to itself which of them were matched. */
final class JudgeExport {

    private static final int ID_LENGTH = 16;

    private final Session session;
    private final JudgeExportConfig config;
    private final Contexts contexts;

    JudgeExport(Session session, JudgeExportConfig config) {
        this.session = session;
        this.config = config;
        this.contexts = Contexts.random(session, config.contexts(), config.reach(), config.seed());
    }

    JudgeExportResult run(String file) {
        SchemaStore.require(session.tx());
        Path target =
                session.importDirectory()
                        .target("sot.match.judge.export", file, config.overwrite());
        Optional<Node> run = config.run().map(id -> MatchStore.require(session.tx(), id));
        JudgeSample sample =
                JudgeSample.of(
                        session,
                        run.isPresent()
                                ? matches(run.get())
                                : config.pairs().stream().map(this::pair).toList(),
                        config.sample(),
                        config.seed(),
                        contexts);
        if (sample.matched() == 0) {
            throw new ConfigurationException(
                    "there is nothing to judge: of "
                            + sample.candidates()
                            + " pairs given, "
                            + sample.withoutContexts()
                            + " have a feature that is active in no recorded text; choose others");
        }
        String id = id(sample.pairs());
        JudgeFile.write(
                target,
                IntStream.range(0, sample.pairs().size())
                        .mapToObj(i -> task(id, i, sample.pairs().get(i)))
                        .iterator());
        JudgementStore.write(
                session.tx(), id, sample.pairs(), JsonMap.write(config.effective()), run);
        return new JudgeExportResult(file, id, sample, config.effective());
    }

    /** The best match of each source of a run. */
    private List<Pair> matches(Node run) {
        List<Pair> pairs = new ArrayList<>();
        for (Relationship match : MatchStore.best(session.tx(), run)) {
            session.monitor().check();
            pairs.add(
                    new Pair(
                            (String) match.getStartNode().getProperty("key"),
                            (String) match.getEndNode().getProperty("key"),
                            false));
        }
        return pairs;
    }

    private Pair pair(List<String> keys) {
        session.monitor().check();
        keys.forEach(key -> FeatureSelection.requireFeature(session.tx(), key));
        return new Pair(keys.get(0), keys.get(1), false);
    }

    private JudgeTask task(String judgement, int place, Pair pair) {
        session.monitor().check();
        return new JudgeTask(
                judgement, pairId(place), contexts.of(pair.source()), contexts.of(pair.target()));
    }

    /** The id of the pair at a place of the file. */
    static String pairId(int place) {
        return Integer.toString(place + 1);
    }

    /** What is asked, and of which features: the same question has the same id. */
    private String id(List<Pair> pairs) {
        return ContentHash.of(
                        pairs.stream()
                                .flatMap(
                                        p ->
                                                Stream.of(
                                                        p.source(),
                                                        p.target(),
                                                        Boolean.toString(p.random()),
                                                        contexts.of(p.source()).toString(),
                                                        contexts.of(p.target()).toString()))
                                .toArray(String[]::new))
                .substring(0, ID_LENGTH);
    }
}
