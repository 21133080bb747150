package dev.sot.transport;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns a feature's firings into a distribution with a bounded support that stands for all of them.
 *
 * <p>A feature that fires on at most {@code maxSupport} positions keeps them all. Otherwise the
 * firings' points are divided into at most {@code maxSupport} cells by k-means weighted with the
 * shares {@code a_t / sum a}: cells are first split at the mean of their widest axis, the one with
 * the largest sum of squares first (Su and Dy 2004, var-part), then improved by Lloyd's iteration
 * (1982). A cell's atom is its medoid for the squared distance, which is the firing nearest to its
 * weighted mean: a position of the corpus, so that it can be shown, and whose point the space has.
 * Means would lie nearer to each other than the points they stand for, and make distances too
 * small, the more so the higher the dimension. At last every firing goes to its nearest atom x',
 * whose weight is the sum of their shares. No plan moves mass less far, so that
 *
 * <pre>    e_p = (sum_t w_t |x_t - x'_t|^p)^(1/p) = W_p(all firings, atoms)</pre>
 *
 * is known at no further cost ({@link SupportError}). Nearest atoms are found in single precision:
 * where two are equally near up to rounding, e_p may exceed W_p by as much, never fall short.
 *
 * <p>There is no randomness: equal distributions have equal supports. Decisions rest on shares
 * rounded to single precision, so that multiplying all activations by a positive constant, which
 * changes last digits, changes no decision.
 *
 * <p>Time {@code O(m n d)} a pass for m firings, n atoms and d coordinates, at most {@value
 * #MAX_PASSES} passes, and {@code O(m d log n)} for the first division; {@code 4 m d} bytes.
 * Instances are immutable and may be shared between threads.
 */
public final class SupportQuantizer {

    /** After these, improvement is small on large features; small ones converge earlier. */
    private static final int MAX_PASSES = 50;

    private final int maxSupport;

    /**
     * A quantizer.
     *
     * @param maxSupport largest number of positions of a distribution, at least 1
     */
    public SupportQuantizer(int maxSupport) {
        if (maxSupport < 1) {
            throw new IllegalArgumentException("maxSupport must be at least 1, got " + maxSupport);
        }
        this.maxSupport = maxSupport;
    }

    /**
     * The distribution of one feature, with its error.
     *
     * @param firings over rows of the table
     * @param points the table
     * @param monitor checked in all long loops
     * @throws IllegalArgumentException if a position lies outside the table
     */
    public Support quantize(Firings firings, PointTable points, Monitor monitor) {
        if (firings.size() <= maxSupport) {
            return firings.all();
        }
        Distribution all = firings.distribution();
        if (all.positions()[all.size() - 1] >= points.size()) {
            throw new IllegalArgumentException(
                    "feature "
                            + firings.feature()
                            + ": position "
                            + all.positions()[all.size() - 1]
                            + " lies outside the table of "
                            + points.size()
                            + " points");
        }
        WeightedCells cells = new WeightedCells(all, points, maxSupport, monitor);
        cells.divide();
        cells.assign();
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            cells.moveToMeans();
            if (!cells.assign()) {
                break;
            }
        }
        int[] atoms = cells.moveToMedoids();
        cells.assign();
        return support(firings, points, cells, atoms);
    }

    private static Support support(
            Firings firings, PointTable points, WeightedCells cells, int[] atoms) {
        int[] positions = firings.distribution().positions();
        double[] shares = firings.distribution().weights();
        CompensatedSum[] mass = new CompensatedSum[atoms.length];
        CompensatedSum distance = new CompensatedSum();
        CompensatedSum squared = new CompensatedSum();
        for (int i = 0; i < positions.length; i++) {
            int cell = cells.cell(i);
            double moved = points.squaredDistance(positions[i], positions[atoms[cell]]);
            distance.add(shares[i] * Math.sqrt(moved));
            squared.add(shares[i] * moved);
            if (mass[cell] == null) {
                mass[cell] = new CompensatedSum();
            }
            mass[cell].add(shares[i]);
        }
        int[] ascending =
                IntStream.range(0, atoms.length)
                        .filter(c -> mass[c] != null)
                        .boxed()
                        .sorted((c, e) -> Integer.compare(atoms[c], atoms[e]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        Distribution kept =
                new Distribution(
                        IntStream.of(ascending).map(c -> positions[atoms[c]]).toArray(),
                        IntStream.of(ascending).mapToDouble(c -> mass[c].value()).toArray());
        return firings.support(
                kept,
                SupportMethod.QUANTIZED,
                Optional.of(new SupportError(distance.value(), Math.sqrt(squared.value()))));
    }
}
