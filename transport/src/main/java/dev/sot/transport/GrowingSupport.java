package dev.sot.transport;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A feature's distribution with a bounded support, and firings that are added to it: the earlier
 * firings are not needed any more.
 *
 * <p>What is kept stands for the share l = A / (A + B) of the mass of all firings, the batch for
 * the rest, so that the {@linkplain #union union} of both with these shares is a distribution over
 * at most as many positions as the batch has firings and the support has points. It is reduced as
 * the firings of a feature are ({@link SupportBuilder}): merge and reduce of coresets (Bentley and
 * Saxe 1980; Har-Peled and Mazumdar 2004). How far the result is from all firings is still known.
 * With mu the distribution over all earlier firings, mu' what is kept of it, nu that of the batch
 * and k the result,
 *
 * <pre>    W_p(l mu + (1-l) nu, k) &lt;= l^(1/p) W_p(mu, mu') + W_p(l mu' + (1-l) nu, k),</pre>
 *
 * because mixing plans mixes {@code W_p^p}, and by the triangle inequality. The first term is the
 * {@linkplain SupportError error} of what is kept, the second that of the reduction. So two results
 * for the same firings, in batches of any number and order, lie within the sum of their errors of
 * each other.
 *
 * <p>Distributions without an error stay without one: as long as all firings are kept, and where
 * equal points are merged.
 *
 * @param kept what is kept of the earlier firings
 * @param mass sum of their activations
 * @param batch the firings to add
 */
public record GrowingSupport(Support kept, double mass, Firings batch) {

    /** Checks the masses: those of the earlier firings and of the batch have to be finite. */
    public GrowingSupport {
        if (!(mass > 0 && Double.isFinite(mass + batch.mass()))) {
            throw new IllegalArgumentException(
                    "feature %s: activations must have a finite, positive sum, they have %s and %s"
                            .formatted(batch.feature(), mass, batch.mass()));
        }
    }

    private double share() {
        return mass / (mass + batch.mass());
    }

    /**
     * What is to be reduced: the support and the batch, each with its share of the mass. Positions
     * of both are numbered alike; one in both has the sum of its weights. {@code O(n + m)} for n
     * support points and m firings.
     */
    public Firings union() {
        double share = share();
        Distribution old = kept.distribution();
        Distribution added = batch.distribution();
        int[] positions =
                IntStream.concat(Arrays.stream(old.positions()), Arrays.stream(added.positions()))
                        .sorted()
                        .distinct()
                        .toArray();
        double[] weights = new double[positions.length];
        add(old, share, positions, weights);
        add(added, 1 - share, positions, weights);
        return new Firings(
                batch.feature(),
                new Distribution(positions, CompensatedSum.normalise(weights)),
                kept.excludedFirings() + batch.excluded(),
                mass + batch.mass());
    }

    private static void add(
            Distribution distribution, double share, int[] positions, double[] weights) {
        int at = 0;
        for (int i = 0; i < distribution.size(); i++) {
            while (positions[at] < distribution.positions()[i]) {
                at++;
            }
            weights[at] += share * distribution.weights()[i];
        }
    }

    /**
     * The distribution over all firings.
     *
     * @param reduced what the union was reduced to
     */
    public Support grown(Support reduced) {
        double share = share();
        double rest = 1 - share;
        Optional<SupportError> error =
                kept.error().flatMap(e -> reduced.error().map(e.ofShare(share)::plus));
        return new Support(
                reduced.distribution(),
                kept.firings() + batch.size(),
                kept.excludedFirings() + batch.excluded(),
                1
                        / (share * share / kept.effectiveSampleSize()
                                + rest * rest / batch.effectiveSampleSize()),
                reduced.method() == SupportMethod.ALL ? kept.method() : reduced.method(),
                error);
    }
}
