package dev.sot.procedures.match;

import dev.sot.transport.match.MeanInterval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.procedure.Description;

/** What a judge said of matched pairs, beside random ones. */
public final class JudgeImportResult {

    @Description("Id of the judgement.")
    public final String judgement;

    @Description("Who or what judged; null where that was not said.")
    public final String judge;

    @Description("Verdicts on matched pairs.")
    public final long verdicts;

    @Description("Matched pairs without one.")
    public final long missing;

    @Description("Matched pairs judged SIMILAR, 3.")
    public final long similar;

    @Description("Matched pairs judged MAYBE, 2.")
    public final long maybe;

    @Description("Matched pairs judged DIFFERENT, 1.")
    public final long different;

    @Description("Mean verdict on matched pairs, 1 to 3; null without verdicts.")
    public final Double mean;

    @Description("Lower end of its 95 % confidence interval; null with fewer than two verdicts.")
    public final Double lower;

    @Description("Upper end of it.")
    public final Double upper;

    @Description("Verdicts on random pairs.")
    public final long randomVerdicts;

    @Description("Random pairs without one.")
    public final long randomMissing;

    @Description("Mean verdict on random pairs.")
    public final Double randomMean;

    @Description("Lower end of its 95 % confidence interval.")
    public final Double randomLower;

    @Description("Upper end of it.")
    public final Double randomUpper;

    @Description("How much higher the mean is on matched pairs than on random ones.")
    public final Double difference;

    @Description("Lower end of the difference's 95 % confidence interval.")
    public final Double differenceLower;

    @Description("Upper end of it.")
    public final Double differenceUpper;

    JudgeImportResult(String judgement, String judge, int[] scores, boolean[] random) {
        this.judgement = judgement;
        this.judge = judge;
        int[] ofMatched = only(scores, random, false);
        int[] ofRandom = only(scores, random, true);
        this.verdicts = said(ofMatched).length;
        this.missing = ofMatched.length - verdicts;
        this.similar = count(ofMatched, 3);
        this.maybe = count(ofMatched, 2);
        this.different = count(ofMatched, 1);
        this.randomVerdicts = said(ofRandom).length;
        this.randomMissing = ofRandom.length - randomVerdicts;
        MeanInterval matched = MeanInterval.of(said(ofMatched));
        MeanInterval byChance = MeanInterval.of(said(ofRandom));
        MeanInterval above = matched.minus(byChance);
        this.mean = known(matched.mean());
        this.lower = known(matched.lower());
        this.upper = known(matched.upper());
        this.randomMean = known(byChance.mean());
        this.randomLower = known(byChance.lower());
        this.randomUpper = known(byChance.upper());
        this.difference = known(above.mean());
        this.differenceLower = known(above.lower());
        this.differenceUpper = known(above.upper());
    }

    private static int[] only(int[] scores, boolean[] random, boolean wanted) {
        return IntStream.range(0, scores.length)
                .filter(i -> random[i] == wanted)
                .map(i -> scores[i])
                .toArray();
    }

    private static double[] said(int[] scores) {
        return Arrays.stream(scores).filter(s -> s > 0).asDoubleStream().toArray();
    }

    private static long count(int[] scores, int score) {
        return Arrays.stream(scores).filter(s -> s == score).count();
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    /** What is stored. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("judge", judge);
        figures.put("judgeVerdicts", verdicts);
        figures.put("judgeMissing", missing);
        figures.put("judgeMean", mean);
        figures.put("judgeLower", lower);
        figures.put("judgeUpper", upper);
        figures.put("judgeRandomVerdicts", randomVerdicts);
        figures.put("judgeRandomMissing", randomMissing);
        figures.put("judgeRandomMean", randomMean);
        figures.put("judgeRandomLower", randomLower);
        figures.put("judgeRandomUpper", randomUpper);
        figures.put("judgeDifference", difference);
        figures.put("judgeDifferenceLower", differenceLower);
        figures.put("judgeDifferenceUpper", differenceUpper);
        return figures;
    }
}
