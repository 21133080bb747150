package dev.sot.transport;

import java.util.Arrays;

/**
 * The kernel in plain Java, in loops that the compiler turns into vector instructions by itself:
 * one index, and few arrays. Keeps a row, so one serves one thread.
 */
final class ScalarKernel implements Kernel {

    private float[] row = new float[0];

    @Override
    public int bits() {
        return Integer.SIZE;
    }

    @Override
    public void costs(
            float[][] x,
            int from,
            int to,
            float[][] y,
            int m,
            int power,
            float factor,
            int[] costs) {
        int stride = Kernel.padded(m);
        if (row.length < stride) {
            row = new float[stride];
        }
        for (int i = from; i < to; i++) {
            Arrays.fill(row, 0, stride, 0);
            int k = 0;
            for (; k + 4 <= x.length; k += 4) {
                accumulate(
                        row,
                        x[k][i],
                        x[k + 1][i],
                        x[k + 2][i],
                        x[k + 3][i],
                        y[k],
                        y[k + 1],
                        y[k + 2],
                        y[k + 3]);
            }
            for (; k < x.length; k++) {
                accumulate(row, x[k][i], y[k]);
            }
            if (power == 1) {
                root(row, stride);
            } else if (power == 4) {
                square(row, stride);
            }
            for (int j = 0; j < m; j++) {
                costs[i * stride + j] = (int) (row[j] * factor + .5f);
            }
            Arrays.fill(costs, i * stride + m, (i + 1) * stride, PADDING);
        }
    }

    private static void accumulate(
            float[] row,
            float x0,
            float x1,
            float x2,
            float x3,
            float[] y0,
            float[] y1,
            float[] y2,
            float[] y3) {
        for (int j = 0; j < y0.length; j++) {
            float d0 = x0 - y0[j];
            float d1 = x1 - y1[j];
            float d2 = x2 - y2[j];
            float d3 = x3 - y3[j];
            row[j] += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
        }
    }

    private static void accumulate(float[] row, float x, float[] y) {
        for (int j = 0; j < y.length; j++) {
            float d = x - y[j];
            row[j] += d * d;
        }
    }

    private static void root(float[] row, int stride) {
        for (int j = 0; j < stride; j++) {
            row[j] = (float) Math.sqrt(row[j]);
        }
    }

    private static void square(float[] row, int stride) {
        for (int j = 0; j < stride; j++) {
            row[j] *= row[j];
        }
    }

    @Override
    public double squaredDistance(float[] table, int x, int y, int dimension) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = x;
        int j = y;
        for (int end = x + (dimension & -8); i < end; i += 8, j += 8) {
            double d0 = (double) table[i] - table[j];
            double d1 = (double) table[i + 1] - table[j + 1];
            double d2 = (double) table[i + 2] - table[j + 2];
            double d3 = (double) table[i + 3] - table[j + 3];
            double d4 = (double) table[i + 4] - table[j + 4];
            double d5 = (double) table[i + 5] - table[j + 5];
            double d6 = (double) table[i + 6] - table[j + 6];
            double d7 = (double) table[i + 7] - table[j + 7];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
            s4 += d4 * d4;
            s5 += d5 * d5;
            s6 += d6 * d6;
            s7 += d7 * d7;
        }
        double sum = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
        return sum + rest(table, i, j, dimension & 7);
    }

    /** {@code |x - y|^2} of the last coordinates. */
    static double rest(float[] table, int x, int y, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            double d = (double) table[x + k] - table[y + k];
            sum += d * d;
        }
        return sum;
    }

    @Override
    public long price(int[] costs, int stride, int[] potentials, int from, int to) {
        int best = 0;
        int row = -1;
        for (int i = from; i < to; i++) {
            int least = least(costs, i * stride, stride, potentials) + potentials[stride + i];
            if (least < best) {
                best = least;
                row = i;
            }
        }
        return row < 0
                ? -1
                : (long) row << 32
                        | column(costs, row * stride, potentials, best - potentials[stride + row]);
    }

    @Override
    public int cheapest(int[] costs, int offset, int stride, int[] potentials) {
        return column(costs, offset, potentials, least(costs, offset, stride, potentials));
    }

    private static int least(int[] costs, int offset, int stride, int[] potentials) {
        // Four minima at a time: one alone would wait for itself.
        int least0 = Integer.MAX_VALUE;
        int least1 = least0;
        int least2 = least0;
        int least3 = least0;
        for (int j = 0; j < stride; j += 4) {
            least0 = Math.min(least0, costs[offset + j] - potentials[j]);
            least1 = Math.min(least1, costs[offset + j + 1] - potentials[j + 1]);
            least2 = Math.min(least2, costs[offset + j + 2] - potentials[j + 2]);
            least3 = Math.min(least3, costs[offset + j + 3] - potentials[j + 3]);
        }
        return Math.min(Math.min(least0, least1), Math.min(least2, least3));
    }

    private static int column(int[] costs, int offset, int[] potentials, int least) {
        int j = 0;
        while (costs[offset + j] - potentials[j] != least) {
            j++;
        }
        return j;
    }

    @Override
    public long twoCheapest(int[] costs, int offset, int stride, int[] potentials) {
        int first = Integer.MAX_VALUE;
        int second = Integer.MAX_VALUE;
        for (int j = 0; j < stride; j++) {
            int next = costs[offset + j] - potentials[j];
            second = Math.min(second, Math.max(first, next));
            first = Math.min(first, next);
        }
        return (long) (second - first) << 32 | column(costs, offset, potentials, first);
    }

    @Override
    public int relax(
            int[] costs,
            int offset,
            int stride,
            int[] potentials,
            int reach,
            int row,
            int[] distance,
            int[] predecessor) {
        int least = Integer.MAX_VALUE;
        for (int j = 0; j < stride; j++) {
            int next = costs[offset + j] - potentials[j] + reach;
            int old = distance[j];
            predecessor[j] = next < old ? row : predecessor[j];
            next = Math.min(next, old);
            distance[j] = next;
            least = Math.min(least, next);
        }
        int j = 0;
        while (distance[j] != least) {
            j++;
        }
        return j;
    }

    @Override
    public int below(
            int[] costs, int offset, int stride, int[] potentials, int limit, int[] columns) {
        int size = 0;
        for (int j = 0; j < stride; j++) {
            if (costs[offset + j] - potentials[j] < limit) {
                columns[size++] = j;
            }
        }
        return size;
    }

    @Override
    public void shift(int[] values, long[] set, int offset, int words, int delta) {
        for (int w = 0; w < words; w++) {
            for (long word = set[offset + w]; word != 0; word &= word - 1) {
                values[64 * w + Long.numberOfTrailingZeros(word)] += delta;
            }
        }
    }

    @Override
    public void columnSums(int[] costs, int n, int stride, int[] sums) {
        Arrays.fill(sums, 0, stride, 0);
        for (int i = 0; i < n; i++) {
            int offset = i * stride;
            for (int j = 0; j < stride; j++) {
                sums[j] += costs[offset + j];
            }
        }
    }

    @Override
    public void rowMinima(int[] costs, int n, int stride, int[] p, int[] minima) {
        for (int i = 0; i < n; i++) {
            minima[i] = least(costs, i * stride, stride, p);
        }
    }

    @Override
    public void columnMinima(int[] costs, int n, int stride, int[] q, int[] minima) {
        Arrays.fill(minima, 0, stride, PADDING);
        for (int i = 0; i < n; i++) {
            int offset = i * stride;
            int shift = q[i];
            for (int j = 0; j < stride; j++) {
                minima[j] = Math.min(minima[j], costs[offset + j] - shift);
            }
        }
    }
}
