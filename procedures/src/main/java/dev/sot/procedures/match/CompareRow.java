package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.match.baseline.Counterparts;
import dev.sot.transport.match.baseline.HeldOutJudge.Verdict;
import java.util.Map;
import org.neo4j.procedure.Description;

/** One method of matching; a figure that is not defined is null. */
public final class CompareRow {

    @Description(
            "wasserstein, wassersteinOneToOne, centroid, centroidCosine, activationCorrelation,"
                    + " jaccard, tokenHistogram, decoderCosine, encoderCosine or saeMatch.")
    public final String method;

    @Description("Whether the method can be used on these features.")
    public final boolean available;

    @Description(
            "Whether no available method has more matches right on the held-out prompts; false"
                    + " where nothing is judged.")
    public final Boolean best;

    @Description("Sources that are matched.")
    public final long sources;

    @Description("Targets among which matches are looked for.")
    public final long targets;

    @Description("Sources to which the method gives a target.")
    public final Long matches;

    @Description("Share of the matches in which the target is given the source in turn.")
    public final Double mutualShare;

    @Description("Matches certified at the level; null for methods without certificates.")
    public final Long certified;

    @Description(
            "For each available method the share of the sources to which both give the same"
                    + " target.")
    public final Map<String, Object> agreement;

    @Description(
            "Sources that are judged: those whose best target correlates enough with them on the"
                    + " held-out prompts.")
    public final long judged;

    @Description("Share of them whose match is the target that correlates most.")
    public final Double heldOutBestShare;

    @Description("Mean correlation of their matches on the held-out prompts.")
    public final Double heldOutCorrelation;

    @Description(
            "The same share among the judged sources whose match is certified; null without them.")
    public final Double certifiedBestShare;

    @Description("Prompts held out.")
    public final long heldOutPrompts;

    @Description(
            "split where the prompts themselves say which are held out, seed where they are a drawn"
                    + " half.")
    public final String heldOutBy;

    @Description("Why a method cannot be used, what it depends on, or which is the best.")
    public final String note;

    CompareRow(
            CompareMethod method,
            CompareFound found,
            Boolean best,
            int sources,
            int targets,
            Map<String, Object> agreement,
            Verdict verdict,
            Verdict certified,
            CompareCorpus corpus,
            int judged,
            String note) {
        this.method = method.text();
        this.available = found.counterparts().isPresent();
        this.best = best;
        this.sources = sources;
        this.targets = targets;
        this.matches = found.counterparts().map(c -> (long) c.matches()).orElse(null);
        this.mutualShare =
                found.counterparts()
                        .map(Counterparts::mutualShare)
                        .map(Figures::present)
                        .orElse(null);
        this.certified = found.certified().map(c -> (long) c.cardinality()).orElse(null);
        this.agreement = agreement;
        this.judged = judged;
        this.heldOutBestShare = verdict == null ? null : Figures.present(verdict.rightShare());
        this.heldOutCorrelation =
                verdict == null ? null : Figures.present(verdict.meanCorrelation());
        this.certifiedBestShare = certified == null ? null : Figures.present(certified.precision());
        this.heldOutPrompts = corpus.heldOutPrompts();
        this.heldOutBy = corpus.split() ? "split" : "seed";
        this.note = note;
    }
}
