package dev.sot.transport;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The kernel on the Vector API. */
final class VectorKernel implements Kernel {

    private static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > LANES
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() > LANES
                    ? IntVector.SPECIES_512
                    : IntVector.SPECIES_PREFERRED;
    private static final int WIDTH = INTS.length();
    private static final VectorSpecies<Float> FOUR_FLOATS = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> FOUR_DOUBLES = DoubleVector.SPECIES_256;
    private static final int ONE = Float.floatToRawIntBits(1);
    private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);
    private static final IntVector TO_SIGN = IntVector.broadcast(INTS, 31).sub(LANE);
    private static final IntVector NOWHERE = IntVector.broadcast(INTS, Integer.MAX_VALUE);

    @Override
    public int bits() {
        return INTS.vectorBitSize();
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
        for (int i = from; i < to; i += 4) {
            int j = 0;
            for (; j + WIDTH < stride; j += 2 * WIDTH) {
                tile(x, y, i, j, costs, i * stride + j, stride);
            }
            if (j < stride) {
                edge(x, y, i, j, costs, i * stride + j, stride);
            }
        }
        round(costs, from * stride, to * stride, power, factor * 0x1p-23f);
        if (m < stride) {
            for (int i = from; i < to; i++) {
                Arrays.fill(costs, i * stride + m, (i + 1) * stride, PADDING);
            }
        }
    }

    /** Four rows by two vectors. */
    private static void tile(
            float[][] x, float[][] y, int i, int j, int[] costs, int at, int stride) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < x.length; k++) {
            float[] xk = x[k];
            float[] yk = y[k];
            FloatVector p = FloatVector.fromArray(FLOATS, yk, j);
            FloatVector q = FloatVector.fromArray(FLOATS, yk, j + WIDTH);
            FloatVector s = FloatVector.broadcast(FLOATS, xk[i]);
            FloatVector d = p.sub(s);
            FloatVector e = q.sub(s);
            a0 = d.fma(d, a0);
            b0 = e.fma(e, b0);
            s = FloatVector.broadcast(FLOATS, xk[i + 1]);
            d = p.sub(s);
            e = q.sub(s);
            a1 = d.fma(d, a1);
            b1 = e.fma(e, b1);
            s = FloatVector.broadcast(FLOATS, xk[i + 2]);
            d = p.sub(s);
            e = q.sub(s);
            a2 = d.fma(d, a2);
            b2 = e.fma(e, b2);
            s = FloatVector.broadcast(FLOATS, xk[i + 3]);
            d = p.sub(s);
            e = q.sub(s);
            a3 = d.fma(d, a3);
            b3 = e.fma(e, b3);
        }
        store(a0, costs, at);
        store(b0, costs, at + WIDTH);
        store(a1, costs, at + stride);
        store(b1, costs, at + stride + WIDTH);
        store(a2, costs, at + 2 * stride);
        store(b2, costs, at + 2 * stride + WIDTH);
        store(a3, costs, at + 3 * stride);
        store(b3, costs, at + 3 * stride + WIDTH);
    }

    /** Four rows by one vector. */
    private static void edge(
            float[][] x, float[][] y, int i, int j, int[] costs, int at, int stride) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int k = 0; k < x.length; k++) {
            float[] xk = x[k];
            FloatVector p = FloatVector.fromArray(FLOATS, y[k], j);
            FloatVector d = p.sub(FloatVector.broadcast(FLOATS, xk[i]));
            a0 = d.fma(d, a0);
            d = p.sub(FloatVector.broadcast(FLOATS, xk[i + 1]));
            a1 = d.fma(d, a1);
            d = p.sub(FloatVector.broadcast(FLOATS, xk[i + 2]));
            a2 = d.fma(d, a2);
            d = p.sub(FloatVector.broadcast(FLOATS, xk[i + 3]));
            a3 = d.fma(d, a3);
        }
        store(a0, costs, at);
        store(a1, costs, at + stride);
        store(a2, costs, at + 2 * stride);
        store(a3, costs, at + 3 * stride);
    }

    private static void store(FloatVector squared, int[] costs, int at) {
        squared.reinterpretAsInts().intoArray(costs, at);
    }

    /** Rounds what {@link #store} left. */
    private static void round(int[] costs, int from, int to, int power, float unit) {
        for (int at = from; at < to; at += WIDTH) {
            FloatVector cost = IntVector.fromArray(INTS, costs, at).reinterpretAsFloats();
            if (power == 1) {
                cost = cost.sqrt();
            } else if (power == 4) {
                cost = cost.mul(cost);
            }
            // Adding 1 leaves the product, rounded, in the mantissa.
            cost.fma(FloatVector.broadcast(FLOATS, unit), FloatVector.broadcast(FLOATS, 1f))
                    .reinterpretAsInts()
                    .sub(IntVector.broadcast(INTS, ONE))
                    .intoArray(costs, at);
        }
    }

    @Override
    public double squaredDistance(float[] table, int x, int y, int dimension) {
        DoubleVector a = DoubleVector.zero(FOUR_DOUBLES);
        DoubleVector b = a;
        int k = 0;
        for (; k + 8 <= dimension; k += 8) {
            DoubleVector d = doubles(table, x + k).sub(doubles(table, y + k));
            DoubleVector e = doubles(table, x + k + 4).sub(doubles(table, y + k + 4));
            a = a.add(d.mul(d));
            b = b.add(e.mul(e));
        }
        a = a.add(b);
        double sum = (a.lane(0) + a.lane(2)) + (a.lane(1) + a.lane(3));
        return sum + ScalarKernel.rest(table, x + k, y + k, dimension - k);
    }

    private static DoubleVector doubles(float[] table, int at) {
        return (DoubleVector)
                FloatVector.fromArray(FOUR_FLOATS, table, at)
                        .convertShape(VectorOperators.F2D, FOUR_DOUBLES, 0);
    }

    @Override
    public long price(int[] costs, int stride, int[] potentials, int from, int to) {
        IntVector best = IntVector.zero(INTS);
        IntVector rows = IntVector.zero(INTS);
        for (int i = from; i < to; i++) {
            int row = i * stride;
            IntVector least = reduced(costs, row, potentials, 0);
            for (int j = WIDTH; j < stride; j += WIDTH) {
                least = least.min(reduced(costs, row + j, potentials, j));
            }
            least = least.add(potentials[stride + i]);
            VectorMask<Integer> better = least.compare(VectorOperators.LT, best);
            best = best.min(least);
            rows = rows.blend(i, better);
        }
        int least = best.reduceLanes(VectorOperators.MIN);
        if (least == 0) {
            return -1;
        }
        int code =
                NOWHERE.blend(
                                rows.lanewise(VectorOperators.LSHL, 4).or(LANE),
                                best.compare(VectorOperators.EQ, least))
                        .reduceLanes(VectorOperators.MIN);
        int i = code >> 4;
        int reduced = least - potentials[stride + i];
        int column = 0;
        for (int j = code & LANES - 1; j < stride; j += WIDTH) {
            column = costs[i * stride + j] - potentials[j] == reduced ? j : column;
        }
        return (long) i << 32 | column;
    }

    @Override
    public int cheapest(int[] costs, int offset, int stride, int[] potentials) {
        IntVector least = reduced(costs, offset, potentials, 0);
        for (int j = WIDTH; j < stride; j += WIDTH) {
            least = least.min(reduced(costs, offset + j, potentials, j));
        }
        return column(costs, offset, stride, potentials, least.reduceLanes(VectorOperators.MIN));
    }

    private static IntVector reduced(int[] costs, int at, int[] potentials, int j) {
        return IntVector.fromArray(INTS, costs, at).sub(IntVector.fromArray(INTS, potentials, j));
    }

    private static int column(int[] costs, int row, int stride, int[] potentials, int least) {
        for (int j = 0; j < stride; j += WIDTH) {
            VectorMask<Integer> equal =
                    reduced(costs, row + j, potentials, j).compare(VectorOperators.EQ, least);
            if (equal.anyTrue()) {
                return j + NOWHERE.blend(LANE, equal).reduceLanes(VectorOperators.MIN);
            }
        }
        throw new AssertionError("no column has the minimum of its row");
    }

    @Override
    public long twoCheapest(int[] costs, int offset, int stride, int[] potentials) {
        IntVector least = reduced(costs, offset, potentials, 0);
        IntVector second = NOWHERE;
        IntVector where = LANE;
        for (int j = WIDTH; j < stride; j += WIDTH) {
            IntVector next = reduced(costs, offset + j, potentials, j);
            VectorMask<Integer> better = next.compare(VectorOperators.LT, least);
            second = second.min(next.max(least));
            where = where.blend(LANE.add(j), better);
            least = least.min(next);
        }
        int first = least.reduceLanes(VectorOperators.MIN);
        int column =
                NOWHERE.blend(where, least.compare(VectorOperators.EQ, first))
                        .reduceLanes(VectorOperators.MIN);
        // The lane that has the least keeps its second.
        int other =
                least.blend(second, where.compare(VectorOperators.EQ, column))
                        .reduceLanes(VectorOperators.MIN);
        return (long) (other - first) << 32 | column;
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
        IntVector least = NOWHERE;
        IntVector where = LANE;
        IntVector far = IntVector.broadcast(INTS, reach);
        IntVector from = IntVector.broadcast(INTS, row);
        for (int j = 0; j < stride; j += WIDTH) {
            IntVector old = IntVector.fromArray(INTS, distance, j);
            IntVector next = reduced(costs, offset + j, potentials, j).add(far);
            VectorMask<Integer> nearer = next.compare(VectorOperators.LT, old);
            IntVector.fromArray(INTS, predecessor, j).blend(from, nearer).intoArray(predecessor, j);
            next = next.min(old);
            next.intoArray(distance, j);
            where = where.blend(LANE.add(j), next.compare(VectorOperators.LT, least));
            least = least.min(next);
        }
        return NOWHERE.blend(
                        where,
                        least.compare(VectorOperators.EQ, least.reduceLanes(VectorOperators.MIN)))
                .reduceLanes(VectorOperators.MIN);
    }

    @Override
    public int below(
            int[] costs, int offset, int stride, int[] potentials, int limit, int[] columns) {
        int size = 0;
        for (int j = 0; j < stride; j += WIDTH) {
            VectorMask<Integer> below =
                    reduced(costs, offset + j, potentials, j).compare(VectorOperators.LT, limit);
            if (below.anyTrue()) {
                for (int l = j; l < j + WIDTH; l++) {
                    if (costs[offset + l] - potentials[l] < limit) {
                        columns[size++] = l;
                    }
                }
            }
        }
        return size;
    }

    @Override
    public void shift(int[] values, long[] set, int offset, int words, int delta) {
        for (int w = 0; w < words; w++) {
            long word = set[offset + w];
            for (int at = 64 * w; word != 0; at += WIDTH, word >>>= WIDTH) {
                int skipped = Long.numberOfTrailingZeros(word) & -WIDTH;
                at += skipped;
                word >>>= skipped;
                // Each lane's bit, spread over the lane.
                IntVector chosen =
                        IntVector.broadcast(INTS, (int) word)
                                .lanewise(VectorOperators.LSHL, TO_SIGN)
                                .lanewise(VectorOperators.ASHR, 31);
                IntVector.fromArray(INTS, values, at).add(chosen.and(delta)).intoArray(values, at);
            }
        }
    }

    @Override
    public void columnSums(int[] costs, int n, int stride, int[] sums) {
        for (int j = 0; j < stride; j += WIDTH) {
            IntVector sum = IntVector.zero(INTS);
            for (int i = 0, at = j; i < n; i++, at += stride) {
                sum = sum.add(IntVector.fromArray(INTS, costs, at));
            }
            sum.intoArray(sums, j);
        }
    }

    @Override
    public void rowMinima(int[] costs, int n, int stride, int[] p, int[] minima) {
        for (int i = 0; i < n; i++) {
            int row = i * stride;
            IntVector least = reduced(costs, row, p, 0);
            for (int j = WIDTH; j < stride; j += WIDTH) {
                least = least.min(reduced(costs, row + j, p, j));
            }
            minima[i] = least.reduceLanes(VectorOperators.MIN);
        }
    }

    @Override
    public void columnMinima(int[] costs, int n, int stride, int[] q, int[] minima) {
        for (int j = 0; j < stride; j += WIDTH) {
            IntVector least = IntVector.broadcast(INTS, PADDING);
            for (int i = 0, at = j; i < n; i++, at += stride) {
                least = least.min(IntVector.fromArray(INTS, costs, at).sub(q[i]));
            }
            least.intoArray(minima, j);
        }
    }
}
