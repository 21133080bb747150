package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import dev.sot.transport.match.OneToOne;
import dev.sot.transport.search.NeighbourTable;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.SearchCounts;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One-to-one assignment of vectors of least total squared distance, proved as {@link OneToOne}
 * does: each of its rounds computes all squared distances once, {@code O(sources x targets x
 * dimension)}, and keeps a few a source.
 */
public final class VectorAssignment {

    private static final int BLOCK = 16;

    private VectorAssignment() {}

    /**
     * Assigns.
     *
     * @param sources one vector a source
     * @param targets one vector a target, of the same length
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     * @return for each source the index of its target; -1 where there are more sources than targets
     *     and this one has none
     */
    public static int[] of(float[][] sources, float[][] targets, int concurrency, Monitor monitor) {
        boolean turned = sources.length > targets.length;
        float[][] rows = turned ? targets : sources;
        float[][] columns = turned ? sources : targets;
        Likeness likeness = VectorLikeness.distance(rows, columns);
        int[] assigned =
                OneToOne.match(
                                (k, penalties, limits) ->
                                        find(likeness, k, penalties, limits, concurrency, monitor),
                                rows.length,
                                new double[columns.length],
                                Math.pow(length(rows) + length(columns), 2),
                                monitor)
                        .target();
        return turned ? turned(assigned, sources.length) : assigned;
    }

    private static double length(float[][] vectors) {
        return Math.sqrt(Arrays.stream(Products.squares(vectors)).max().orElse(0));
    }

    private static int[] turned(int[] assigned, int sources) {
        int[] target = new int[sources];
        Arrays.fill(target, -1);
        for (int j = 0; j < assigned.length; j++) {
            if (assigned[j] >= 0) {
                target[assigned[j]] = j;
            }
        }
        return target;
    }

    /** The k columns of least cost and penalty for each row, within its limit. */
    private static NeighbourTable find(
            Likeness likeness,
            int k,
            double[] penalties,
            double[] limits,
            int concurrency,
            Monitor monitor) {
        int n = likeness.sources();
        Neighbours[] found = new Neighbours[n];
        Workers.run(
                (n + BLOCK - 1) / BLOCK,
                concurrency,
                monitor,
                inner -> {
                    double[] scores = new double[likeness.targets()];
                    return block -> {
                        int end = Math.min(n, (block + 1) * BLOCK);
                        for (int i = block * BLOCK; i < end; i++) {
                            inner.check();
                            likeness.of(i, scores);
                            found[i] = least(scores, k, penalties, limits[i]);
                        }
                    };
                });
        long exact = (long) n * likeness.targets();
        return new NeighbourTable(
                Arrays.asList(found), new SearchCounts(exact, 0, 0, 0, 0, exact, 0, 0));
    }

    private static Neighbours least(double[] scores, int k, double[] penalties, double limit) {
        int[] targets = new int[Math.min(k, scores.length)];
        double[] values = new double[targets.length];
        int count = 0;
        double remaining = Double.POSITIVE_INFINITY;
        for (int j = 0; j < scores.length; j++) {
            double value = penalties[j] - scores[j];
            if (value > limit) {
                continue;
            }
            if (count == targets.length && value >= values[count - 1]) {
                remaining = Math.min(remaining, value);
                continue;
            }
            if (count == targets.length) {
                remaining = Math.min(remaining, values[count - 1]);
            } else {
                count++;
            }
            int at = count - 1;
            while (at > 0 && values[at - 1] > value) {
                values[at] = values[at - 1];
                targets[at] = targets[at - 1];
                at--;
            }
            values[at] = value;
            targets[at] = j;
        }
        int[] chosen = Arrays.copyOf(targets, count);
        return new Neighbours(
                chosen,
                IntStream.of(chosen).mapToDouble(j -> -scores[j]).toArray(),
                true,
                remaining);
    }
}
