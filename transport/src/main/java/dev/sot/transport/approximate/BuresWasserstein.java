package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;

/**
 * The distance of the two Gaussians that have the clouds' means and covariances,
 *
 * <pre>    B^2 = |m_f - m_g|^2 + tr S_f + tr S_g - 2 tr (S_f^(1/2) S_g S_f^(1/2))^(1/2),</pre>
 *
 * which is a lower bound on W_2 with Euclidean cost (Gelbrich 1990, On a Formula for the L2
 * Wasserstein Metric between Measures on Euclidean and Hilbert Spaces): among all measures with
 * these moments, Gaussians are nearest. For the squared Euclidean cost, of either order, {@code
 * B^2} is a lower bound, for cosine half of it. For W_1 it is an estimate, mostly too large, and
 * the distance of the means the lower bound.
 *
 * <p>With {@code S_f = A A'} and {@code S_g = C C'} the last trace is the nuclear norm of {@code A'
 * C}: both have the same singular values. The factors are the centred points, each times the root
 * of its weight, or, where there are more points than dimensions, their triangular factor by
 * Householder reflections: r = min(n, d) rows. No covariance matrix is formed. A sketch takes
 * {@code O(n d)}, or {@code O(n d^2)} for n > d, a pair {@code O(r_f r_g d + max(r_f, r_g) min(r_f,
 * r_g)^2)}.
 */
public final class BuresWasserstein implements Approximation<BuresWasserstein.Gaussian> {

    private final Embedding embedding;

    /** Estimates of the distances of a geometry, of any order and any cost but zero-one. */
    public BuresWasserstein(Geometry geometry) {
        embedding = new Embedding(geometry);
    }

    /** A cloud's mean and a factor of its covariance. */
    public static final class Gaussian {
        private final Cloud cloud;
        private final double[] mean;
        private final double[][] factor;
        private final double[][] axes;
        private final double trace;
        private final double radius;

        Gaussian(Embedding.Placed placed) {
            cloud = placed.cloud();
            mean = placed.mean();
            radius = placed.radius();
            double[][] centred = new double[placed.size()][];
            double sum = 0;
            for (int i = 0; i < centred.length; i++) {
                centred[i] = placed.points()[i].clone();
                double root = Math.sqrt(placed.weights()[i]);
                for (int k = 0; k < mean.length; k++) {
                    centred[i][k] = root * (centred[i][k] - mean[k]);
                }
                sum += Vectors.dot(centred[i], centred[i]);
            }
            trace = sum;
            factor = centred.length > mean.length ? Householder.triangular(centred) : centred;
            axes = new double[mean.length][factor.length];
            for (int i = 0; i < factor.length; i++) {
                for (int k = 0; k < mean.length; k++) {
                    axes[k][i] = factor[i][k];
                }
            }
        }
    }

    @Override
    public Gaussian sketch(Cloud cloud) {
        return new Gaussian(embedding.place(cloud));
    }

    @Override
    public Estimate estimate(Gaussian f, Gaussian g) {
        if (f.cloud.sameAs(g.cloud)) {
            return Estimate.bounded(0, 0);
        }
        if (comesFirst(g, f)) {
            return estimate(g, f);
        }
        double means = Vectors.squaredDistance(f.mean, g.mean);
        double squared = means + f.trace + g.trace - 2 * NuclearNorm.of(product(f, g));
        double meanError =
                Embedding.rounding(f.cloud.size() + g.cloud.size() + f.mean.length)
                        * (f.radius + g.radius);
        // Both traces are taken around a mean that is off by its own error.
        double error =
                Embedding.rounding(
                                        f.cloud.size()
                                                + g.cloud.size()
                                                + 16
                                                        * (f.factor.length
                                                                + g.factor.length
                                                                + f.mean.length))
                                * (f.trace + g.trace)
                        + meanError * meanError;
        double distance = Math.sqrt(Math.max(means, squared));
        double meansLess = Math.max(0, Math.sqrt(means) - meanError);
        double lower =
                embedding.order() == 1
                        ? meansLess
                        : Math.sqrt(meansLess * meansLess + Math.max(0, squared - means - error));
        return Estimate.bounded(embedding.distance(distance), embedding.distance(lower));
    }

    /** One way round for each pair, so that rounding is the same: the larger factor first. */
    private static boolean comesFirst(Gaussian f, Gaussian g) {
        int larger = Integer.compare(f.factor.length, g.factor.length);
        return larger > 0 || larger == 0 && f.cloud.precedes(g.cloud);
    }

    /** {@code A' C}, as many rows as f's factor has. */
    private static double[][] product(Gaussian f, Gaussian g) {
        double[][] product = new double[f.factor.length][g.factor.length];
        for (int i = 0; i < product.length; i++) {
            multiply(f.factor[i], g.axes, product[i]);
        }
        return product;
    }

    private static void multiply(double[] x, double[][] axes, double[] to) {
        int k = 0;
        for (; k + 4 <= x.length; k += 4) {
            double x0 = x[k];
            double x1 = x[k + 1];
            double x2 = x[k + 2];
            double x3 = x[k + 3];
            double[] y0 = axes[k];
            double[] y1 = axes[k + 1];
            double[] y2 = axes[k + 2];
            double[] y3 = axes[k + 3];
            for (int j = 0; j < to.length; j++) {
                to[j] += x0 * y0[j] + x1 * y1[j] + x2 * y2[j] + x3 * y3[j];
            }
        }
        for (; k < x.length; k++) {
            Vectors.add(to, x[k], axes[k]);
        }
    }
}
