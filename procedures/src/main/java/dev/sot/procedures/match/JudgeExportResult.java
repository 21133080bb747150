package dev.sot.procedures.match;

import java.util.Map;
import org.neo4j.procedure.Description;

/** A written file of pairs to be judged. */
public final class JudgeExportResult {

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Id of the judgement, which the verdicts name.")
    public final String judgement;

    @Description("Pairs drawn from those given.")
    public final long pairs;

    @Description(
            "Random pairs of the same features; fewer than pairs where there are not enough that"
                    + " are not among those given.")
    public final long randomPairs;

    @Description("Different pairs given.")
    public final long candidates;

    @Description(
            "Of the pairs that were drawn, those left out because one of their features is active"
                    + " in no text that is recorded.")
    public final long withoutContexts;

    @Description("The configuration with its defaults, without the pairs.")
    public final Map<String, Object> configuration;

    JudgeExportResult(
            String file, String judgement, JudgeSample sample, Map<String, Object> configuration) {
        this.file = file;
        this.judgement = judgement;
        this.pairs = sample.matched();
        this.randomPairs = sample.pairs().size() - sample.matched();
        this.candidates = sample.candidates();
        this.withoutContexts = sample.withoutContexts();
        this.configuration = configuration;
    }
}
