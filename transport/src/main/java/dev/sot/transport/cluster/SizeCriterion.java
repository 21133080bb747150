package dev.sot.transport.cluster;

import java.util.Comparator;
import java.util.List;

/** A rule for how many groups to cut a hierarchy into, from what {@link SizeCurve} says of all. */
public enum SizeCriterion {

    /**
     * The largest silhouette at or above the knee.
     *
     * <p>The knee is where the dispersion, drawn over the number of groups, is farthest below the
     * straight line between its ends (Satopää et al. 2011): with fewer groups, every further merge
     * blurs them more than merges do on average. The silhouette alone does not see that: it
     * compares groups with each other, and often is largest for two of them that tell little, as
     * when a few items are far from all others. Not to go below the knee leaves the finer
     * partitions, and among these the silhouette finds the one whose groups are best apart. Items
     * all at one place are one group.
     */
    AUTO {
        @Override
        int choose(List<SizePoint> points) {
            SizePoint roots = points.get(points.size() - 1);
            if (roots.dispersion() == 0) {
                return roots.size();
            }
            int knee = knee(points);
            return best(
                    points.subList(0, knee + 1),
                    Comparator.comparingDouble(p -> orLowest(p.silhouette())));
        }
    },

    /** The largest silhouette (Rousseeuw 1987). */
    SILHOUETTE {
        @Override
        int choose(List<SizePoint> points) {
            return best(points, Comparator.comparingDouble(p -> orLowest(p.silhouette())));
        }
    },

    /**
     * The smallest number of groups whose gap is not below that of one group more, less its
     * standard error (Tibshirani, Walther and Hastie 2001); where there is none, the largest gap.
     */
    GAP {
        @Override
        int choose(List<SizePoint> points) {
            for (int k = points.size() - 1; k > 0; k--) {
                SizePoint more = points.get(k - 1);
                if (points.get(k).gap() >= more.gap() - more.gapError()) {
                    return points.get(k).size();
                }
            }
            return best(points, Comparator.comparingDouble(p -> orLowest(p.gap())));
        }
    },

    /** The shortest description of the circuit's links. */
    DESCRIPTION_LENGTH {
        @Override
        int choose(List<SizePoint> points) {
            return best(points, Comparator.comparingDouble(p -> -p.descriptionLength()));
        }
    };

    /**
     * The number of groups.
     *
     * @param points all cuts, most groups first
     */
    abstract int choose(List<SizePoint> points);

    /** The point that compares largest; of several the one with fewest groups. */
    private static int best(List<SizePoint> points, Comparator<SizePoint> order) {
        SizePoint best = points.get(0);
        for (SizePoint point : points) {
            best = order.compare(point, best) >= 0 ? point : best;
        }
        return best.size();
    }

    private static double orLowest(double value) {
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }

    /**
     * Where the dispersion is farthest below the line between its ends; of several the coarsest.
     */
    private static int knee(List<SizePoint> points) {
        int last = points.size() - 1;
        double rise = points.get(last).dispersion() - points.get(0).dispersion();
        int knee = last;
        double farthest = 0;
        for (int k = last - 1; k >= 0; k--) {
            double line = points.get(0).dispersion() + rise * k / last;
            if (line - points.get(k).dispersion() > farthest) {
                farthest = line - points.get(k).dispersion();
                knee = k;
            }
        }
        return knee;
    }
}
