package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;

/** Likeness by direction, such as that of decoder vectors. */
public final class Directions {

    private Directions() {}

    /**
     * 1 - cosine of two vectors. A vector of zeros has distance 1 to all others. O(n^2 dimension).
     *
     * @param vectors one vector per item, all of the same dimension
     * @return distances between 0 and 2, condensed
     * @throws IllegalArgumentException if dimensions differ or an entry is not finite
     */
    public static double[] distances(float[][] vectors, Monitor monitor) {
        int n = vectors.length;
        double[] square = new double[n];
        for (int i = 0; i < n; i++) {
            if (vectors[i].length != vectors[0].length) {
                throw new IllegalArgumentException(
                        "vector "
                                + i
                                + " has dimension "
                                + vectors[i].length
                                + ", the first has "
                                + vectors[0].length);
            }
            square[i] = dot(vectors[i], vectors[i]);
            if (!Double.isFinite(square[i])) {
                throw new IllegalArgumentException(
                        "vector " + i + " has an entry that is not finite");
            }
        }
        double[] distances = new double[Condensed.length(n)];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++) {
                distances[next++] =
                        Cosine.distance(
                                Cosine.of(dot(vectors[i], vectors[j]), square[i], square[j]));
            }
            monitor.progress("cosine distances", i + 1, n);
        }
        return distances;
    }

    private static double dot(float[] a, float[] b) {
        // Four sums, because the processor can add into them at the same time.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            s0 += (double) a[k] * b[k];
            s1 += (double) a[k + 1] * b[k + 1];
            s2 += (double) a[k + 2] * b[k + 2];
            s3 += (double) a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            s0 += (double) a[k] * b[k];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
