package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges methods of matching by what no method has seen: how features' activations correlate on
 * held-out positions. It is a proxy of the truth, and one that activation correlation on other
 * positions estimates directly.
 */
public final class HeldOutJudge {

    private static final int BLOCK = 16;

    private HeldOutJudge() {}

    /**
     * What one method's matches are worth. Only sources count whose best target correlates with
     * them enough: of the others nobody knows where they belong.
     *
     * @param sources such sources
     * @param matched those that have a match
     * @param right those whose match is the target that correlates most
     * @param meanCorrelation over the matches of such sources; NaN where there is none
     */
    public record Verdict(int sources, int matched, int right, double meanCorrelation) {

        /** The share of the sources whose match is right; NaN without sources. */
        public double rightShare() {
            return (double) right / sources;
        }

        /** The share of the matches that are right; NaN without matches. */
        public double precision() {
            return (double) right / matched;
        }
    }

    /**
     * Judges. Does not depend on concurrency.
     *
     * @param heldOut correlation on held-out positions
     * @param methods what each method matches
     * @param least correlation that a source's best target must have
     * @return one verdict a method
     */
    public static List<Verdict> judge(
            Likeness heldOut,
            List<Counterparts> methods,
            double least,
            int concurrency,
            Monitor monitor) {
        int n = heldOut.sources();
        // For each source that counts the best target, else -1.
        int[] best = new int[n];
        double[][] correlation = new double[methods.size()][n];
        Workers.run(
                (n + BLOCK - 1) / BLOCK,
                concurrency,
                monitor,
                inner -> {
                    double[] scores = new double[heldOut.targets()];
                    return block -> {
                        int end = Math.min(n, (block + 1) * BLOCK);
                        for (int i = block * BLOCK; i < end; i++) {
                            inner.check();
                            heldOut.of(i, scores);
                            best[i] = -1;
                            double most = least;
                            for (int j = 0; j < scores.length; j++) {
                                if (scores[j] > most || best[i] < 0 && scores[j] == least) {
                                    most = scores[j];
                                    best[i] = j;
                                }
                            }
                            for (int k = 0; k < methods.size(); k++) {
                                int match = methods.get(k).target()[i];
                                correlation[k][i] = match < 0 ? Double.NaN : scores[match];
                            }
                        }
                    };
                });
        List<Verdict> verdicts = new ArrayList<>();
        for (int k = 0; k < methods.size(); k++) {
            verdicts.add(verdict(best, methods.get(k).target(), correlation[k]));
        }
        return verdicts;
    }

    private static Verdict verdict(int[] best, int[] match, double[] correlation) {
        int sources = 0;
        int matched = 0;
        int right = 0;
        int known = 0;
        double sum = 0;
        for (int i = 0; i < best.length; i++) {
            if (best[i] < 0) {
                continue;
            }
            sources++;
            matched += match[i] >= 0 ? 1 : 0;
            right += match[i] == best[i] ? 1 : 0;
            if (correlation[i] > Double.NEGATIVE_INFINITY) {
                known++;
                sum += correlation[i];
            }
        }
        return new Verdict(sources, matched, right, sum / known);
    }
}
