package dev.sot.transport.cluster;

/** Logarithms to base 2 of factorials and binomial coefficients, to about 1e-13 relatively. */
final class Bits {

    private static final double[] SMALL = new double[1024];

    static {
        for (int n = 2; n < SMALL.length; n++) {
            SMALL[n] = SMALL[n - 1] + log2(n);
        }
    }

    private Bits() {}

    static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    /** Of n!, by Stirling's series from 1024 on. */
    static double factorial(double n) {
        if (n < SMALL.length) {
            return SMALL[(int) n];
        }
        double series = 1 / (12 * n) * (1 - 1 / (30 * n * n));
        return (n * (Math.log(n) - 1) + 0.5 * Math.log(2 * Math.PI * n) + series) / Math.log(2);
    }

    /** Of the number of ways to choose k of n; 0 where there is none. */
    static double choose(double n, double k) {
        return k <= 0 || k >= n ? 0 : factorial(n) - factorial(k) - factorial(n - k);
    }
}
