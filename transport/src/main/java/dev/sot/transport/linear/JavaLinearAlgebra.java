package dev.sot.transport.linear;

import java.util.Optional;

/** Products in plain loops, which the JVM's optimising compiler turns into vector instructions. */
public final class JavaLinearAlgebra extends LinearAlgebra {

    /** Its name among the backends. */
    public static final String NAME = "java";

    /** Columns at a time: four rows of this length stay in the first cache. */
    private static final int WIDTH = 256;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double worthwhileFrom() {
        return 0;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    protected void addProduct(double[][] left, double[][] right, double[][] into, Tile tile) {
        for (int from = tile.fromColumn(); from < tile.toColumn(); from += WIDTH) {
            int to = Math.min(from + WIDTH, tile.toColumn());
            int k = tile.fromDepth();
            for (; k + 3 < tile.toDepth(); k += 4) {
                for (int i = tile.fromRow(); i < tile.toRow(); i++) {
                    addFour(
                            left[k][i],
                            left[k + 1][i],
                            left[k + 2][i],
                            left[k + 3][i],
                            right[k],
                            right[k + 1],
                            right[k + 2],
                            right[k + 3],
                            into[i],
                            from,
                            to);
                }
            }
            for (; k < tile.toDepth(); k++) {
                for (int i = tile.fromRow(); i < tile.toRow(); i++) {
                    addOne(left[k][i], right[k], into[i], from, to);
                }
            }
        }
    }

    /** Four at a time: more do not fit the registers, and the compiler stops vectorising. */
    private static void addFour(
            double a0,
            double a1,
            double a2,
            double a3,
            double[] x0,
            double[] x1,
            double[] x2,
            double[] x3,
            double[] to,
            int from,
            int end) {
        for (int j = from; j < end; j++) {
            to[j] += a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
        }
    }

    private static void addOne(double a, double[] x, double[] to, int from, int end) {
        for (int j = from; j < end; j++) {
            to[j] += a * x[j];
        }
    }
}
