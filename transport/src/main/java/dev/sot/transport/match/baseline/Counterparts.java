package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The target that a method gives each source.
 *
 * @param target for each source the index of its target, -1 where it has none
 * @param reverse for each target the index of the source that it is given the other way round, -1
 *     where it has none
 */
public record Counterparts(int[] target, int[] reverse) {

    /** Sources that one thread compares before the next are handed out. */
    private static final int BLOCK = 16;

    /**
     * The most alike, of several the first. Does not depend on concurrency. Memory 12 bytes a
     * target and thread beside the likeness.
     *
     * @param concurrency number of threads, at least 1
     * @param monitor told of the sources done
     */
    public static Counterparts nearest(Likeness likeness, int concurrency, Monitor monitor) {
        int n = likeness.sources();
        int m = likeness.targets();
        int[] target = new int[n];
        double[] best = new double[m];
        int[] reverse = new int[m];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        Arrays.fill(reverse, -1);
        int[] done = {0};
        Workers.run(
                (n + BLOCK - 1) / BLOCK,
                concurrency,
                monitor,
                inner -> {
                    double[] scores = new double[m];
                    return block -> {
                        double[] bestHere = new double[m];
                        int[] reverseHere = new int[m];
                        Arrays.fill(bestHere, Double.NEGATIVE_INFINITY);
                        Arrays.fill(reverseHere, -1);
                        int end = Math.min(n, (block + 1) * BLOCK);
                        for (int i = block * BLOCK; i < end; i++) {
                            inner.check();
                            likeness.of(i, scores);
                            target[i] = -1;
                            double most = Double.NEGATIVE_INFINITY;
                            for (int j = 0; j < m; j++) {
                                if (scores[j] > most) {
                                    most = scores[j];
                                    target[i] = j;
                                }
                                if (scores[j] > bestHere[j]) {
                                    bestHere[j] = scores[j];
                                    reverseHere[j] = i;
                                }
                            }
                        }
                        synchronized (done) {
                            merge(bestHere, reverseHere, best, reverse);
                            done[0] += end - block * BLOCK;
                            inner.progress("comparing features", done[0], n);
                        }
                    };
                });
        return new Counterparts(target, reverse);
    }

    private static void merge(double[] bestHere, int[] reverseHere, double[] best, int[] reverse) {
        for (int j = 0; j < best.length; j++) {
            boolean first = bestHere[j] == best[j] && reverseHere[j] < reverse[j];
            if (bestHere[j] > best[j] || first && reverseHere[j] >= 0) {
                best[j] = bestHere[j];
                reverse[j] = reverseHere[j];
            }
        }
    }

    /** Those of a one-to-one assignment, which is the same either way round. */
    public static Counterparts assigned(int[] target, int targets) {
        int[] reverse = new int[targets];
        Arrays.fill(reverse, -1);
        for (int i = 0; i < target.length; i++) {
            if (target[i] >= 0) {
                reverse[target[i]] = i;
            }
        }
        return new Counterparts(target, reverse);
    }

    /** Only the matches of some sources. */
    public Counterparts of(BitSet sources) {
        int[] chosen = target.clone();
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = sources.get(i) ? chosen[i] : -1;
        }
        return new Counterparts(chosen, reverse);
    }

    /** The number of sources that have a target. */
    public int matches() {
        return (int) Arrays.stream(target).filter(t -> t >= 0).count();
    }

    /** The share of matches in which the target is given the source back; NaN without matches. */
    public double mutualShare() {
        int mutual = 0;
        for (int i = 0; i < target.length; i++) {
            mutual += target[i] >= 0 && reverse[target[i]] == i ? 1 : 0;
        }
        return (double) mutual / matches();
    }

    /**
     * The share of the sources which another method gives the same target, among those to which
     * both give one; NaN where there is none.
     */
    public double agreement(Counterparts other) {
        int both = 0;
        int same = 0;
        for (int i = 0; i < target.length; i++) {
            if (target[i] >= 0 && other.target[i] >= 0) {
                both++;
                same += target[i] == other.target[i] ? 1 : 0;
            }
        }
        return (double) same / both;
    }
}
