package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.SotProcedures;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.FeatureSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Features' activation-weighted distributions. */
public final class DistributionProcedures extends SotProcedures {

    private static final String CONFIGURATION =
            "space, " + FeatureSelection.KEYS + ", support, supportMethod, seed, concurrency.";

    private static final String APPENDED =
            "corpus, space, newFeatures, support, supportMethod, seed, concurrency.";

    private static final String DRIFT =
            "space, from, to, "
                    + FeatureSelection.KEYS
                    + ", order, groundCost, support, supportMethod, resamples, seed, concurrency.";

    @Procedure(name = "sot.distributions.write", mode = Mode.WRITE)
    @Description("Builds features' distributions in a reference space and stores them.")
    public Stream<DistributionStats> write(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new DistributionWrite(
                                session(),
                                DistributionConfig.of("sot.distributions.write", configuration))
                        .run());
    }

    @Procedure(name = "sot.distributions.stream", mode = Mode.READ)
    @Description(
            "Builds features' distributions in a reference space and returns them; features without"
                    + " one are left out.")
    public Stream<DistributionRow> stream(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        List<DistributionRow> rows = new ArrayList<>();
        DistributionBuilder builder =
                new DistributionBuilder(
                        session(),
                        DistributionConfig.of("sot.distributions.stream", configuration));
        builder.build(
                (feature, built) ->
                        built.ifPresent(
                                b ->
                                        rows.add(
                                                new DistributionRow(
                                                        feature,
                                                        b.support(),
                                                        builder.positions()))));
        return rows.stream();
    }

    @Procedure(name = "sot.distributions.stats", mode = Mode.READ)
    @Description("Counts what building features' distributions would give, without storing them.")
    public Stream<DistributionStats> stats(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        DistributionConfig config = DistributionConfig.of("sot.distributions.stats", configuration);
        Stopwatch stopwatch = new Stopwatch();
        DistributionBuilder builder = new DistributionBuilder(session(), config);
        DistributionCounts counts = builder.build((feature, built) -> {});
        return Stream.of(
                new DistributionStats(
                        (String) builder.space().getProperty("name"),
                        counts,
                        stopwatch.lap(),
                        config.effective()));
    }

    @Procedure(name = "sot.distributions.append", mode = Mode.WRITE)
    @Description(
            "Adds a corpus to a reference space and its firings to the distributions there, and"
                    + " marks what rested on those as stale.")
    public Stream<AppendResult> append(
            @Name(value = "configuration", defaultValue = "{}", description = APPENDED)
                    Map<String, Object> configuration) {
        return Stream.of(new DistributionAppend(session(), AppendConfig.of(configuration)).run());
    }

    @Procedure(name = "sot.distributions.drift", mode = Mode.READ)
    @Description(
            "How far features' distributions have moved between corpora of a space, with how far"
                    + " they would seem to have moved by chance; the most moved first.")
    public Stream<DriftRow> drift(
            @Name(value = "configuration", defaultValue = "{}", description = DRIFT)
                    Map<String, Object> configuration) {
        return new DistributionDrift(session(), DriftConfig.of(configuration)).rows();
    }
}
