package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel of this process does what plain Java does, and each process gets the right one. */
class KernelsTest {

    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    private final Kernel plain = new ScalarKernel();
    private final Kernel best = Kernels.best();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void costsAreTheRoundedPowersOfDistances(int power) {
        Random random = new Random(70);
        for (int trial = 0; trial < 100; trial++) {
            int n = 1 + random.nextInt(20);
            int m = 1 + random.nextInt(70);
            int dimension = 1 + random.nextInt(9);
            float[][] x = coordinates(random, dimension, n);
            float[][] y = coordinates(random, dimension, m);
            int stride = Kernel.padded(m);
            float factor = 0x1p22f / (float) Math.pow(4 * dimension, power / 2.0);
            for (Kernel kernel : List.of(plain, best)) {
                int[] costs = new int[Kernel.padded(n) * stride];
                kernel.costs(x, 0, n, y, m, power, factor, costs);
                for (int at = 0; at < n * stride; at++) {
                    if (at % stride >= m) {
                        assertThat(costs[at]).isEqualTo(Kernel.PADDING);
                        continue;
                    }
                    double squared = 0;
                    for (int k = 0; k < dimension; k++) {
                        double d = (double) x[k][at / stride] - y[k][at % stride];
                        squared += d * d;
                    }
                    double cost = Math.pow(squared, power / 2.0) * factor;
                    assertThat((double) costs[at]).isCloseTo(cost, within(1 + 1e-6 * cost));
                }
            }
        }
    }

    @Test
    void squaredDistancesAreTheSameToTheBit() {
        Random random = new Random(72);
        for (int dimension = 1; dimension < 70; dimension++) {
            float[] table = new float[3 * dimension];
            for (int at = 0; at < table.length; at++) {
                table[at] = (float) random.nextGaussian();
            }
            double expected = 0;
            for (int k = 0; k < dimension; k++) {
                expected += Math.pow((double) table[k] - table[2 * dimension + k], 2);
            }
            double scalar = plain.squaredDistance(table, 0, 2 * dimension, dimension);
            assertThat(scalar).isCloseTo(expected, within(1e-14 * expected));
            assertThat(best.squaredDistance(table, 0, 2 * dimension, dimension)).isEqualTo(scalar);
        }
    }

    @Test
    void integerLoopsGiveTheSame() {
        Random random = new Random(71);
        for (int trial = 0; trial < 300; trial++) {
            int n = 1 + random.nextInt(40);
            int m = 1 + random.nextInt(150);
            int stride = Kernel.padded(m);
            // Few values make ties.
            int range = trial % 2 == 0 ? 4 : 1 << 22;
            int[] costs = new int[Kernel.padded(n) * stride];
            for (int at = 0; at < n * stride; at++) {
                costs[at] = at % stride < m ? random.nextInt(range) : Kernel.PADDING;
            }
            int[] potentials = new int[stride + Kernel.padded(n)];
            for (int x = 0; x < potentials.length; x++) {
                potentials[x] = x < m || x >= stride ? random.nextInt(range) - range / 3 : 0;
            }
            int[] q = Arrays.copyOfRange(potentials, stride, potentials.length);

            assertSame(n, k -> filled(n, to -> k.rowMinima(costs, n, stride, potentials, to)));
            assertSame(m, k -> filled(stride, to -> k.columnMinima(costs, n, stride, q, to)));
            assertSame(m, k -> filled(stride, to -> k.columnSums(costs, n, stride, to)));

            int row = random.nextInt(n);
            int offset = row * stride;
            assertSame(1, k -> new int[] {k.cheapest(costs, offset, stride, potentials)});
            int limit = random.nextInt(range);
            int[] columns =
                    IntStream.range(0, stride)
                            .filter(j -> costs[offset + j] - potentials[j] < limit)
                            .toArray();
            for (Kernel kernel : List.of(plain, best)) {
                int[] found = new int[stride];
                int size = kernel.below(costs, offset, stride, potentials, limit, found);
                assertThat(Arrays.copyOf(found, size)).isEqualTo(columns);
            }

            int from = random.nextInt(n);
            int to = from + 1 + random.nextInt(n - from);
            int least =
                    IntStream.range(from * stride, to * stride)
                            .map(at -> costs[at] - potentials[at % stride] + q[at / stride])
                            .min()
                            .orElseThrow();
            for (Kernel kernel : List.of(plain, best)) {
                long found = kernel.price(costs, stride, potentials, from, to);
                assertThat(reduced(found, costs, stride, potentials)).isEqualTo(Math.min(0, least));
            }

            int words = (potentials.length + 63) / 64;
            long[] set = new long[words + 1];
            random.ints(100, 0, potentials.length).forEach(x -> set[1 + x / 64] |= 1L << x);
            assertSame(
                    potentials.length,
                    k -> {
                        int[] shifted = potentials.clone();
                        k.shift(shifted, set, 1, words, -77);
                        return shifted;
                    });
        }
    }

    private interface Loop {
        int[] result(Kernel kernel);
    }

    private interface Fill {
        void into(int[] values);
    }

    private static int[] filled(int size, Fill fill) {
        int[] values = new int[size];
        fill.into(values);
        return values;
    }

    private void assertSame(int size, Loop loop) {
        assertThat(Arrays.copyOf(loop.result(best), size))
                .isEqualTo(Arrays.copyOf(loop.result(plain), size));
    }

    /** The reduced cost of an entry that pricing found, 0 if it found none. */
    private static int reduced(long found, int[] costs, int stride, int[] potentials) {
        int row = (int) (found >>> 32);
        int column = (int) found;
        return found < 0
                ? 0
                : costs[row * stride + column] + potentials[stride + row] - potentials[column];
    }

    private static float[][] coordinates(Random random, int dimension, int size) {
        float[][] coordinates = new float[dimension][Kernel.padded(size)];
        for (float[] axis : coordinates) {
            for (int i = 0; i < size; i++) {
                axis[i] = 2 * random.nextFloat() - 1;
            }
        }
        return coordinates;
    }

    static Stream<Arguments> processesWithoutVectors() {
        return Stream.of(
                arguments(List.of(), "start Java with --add-modules jdk.incubator.vector"),
                arguments(
                        List.of(MODULE, "-XX:TieredStopAtLevel=1"),
                        "this process runs without the optimising compiler"),
                arguments(
                        List.of(MODULE, "-Xint"),
                        "this process runs without the optimising compiler"));
    }

    @ParameterizedTest
    @MethodSource("processesWithoutVectors")
    @Timeout(60)
    void aProcessWithoutVectorsRunsPlainJavaAndSaysWhyOnce(List<String> flags, String reason)
            throws IOException, URISyntaxException, InterruptedException {
        assertThat(output(flags))
                .contains("ScalarKernel ScalarKernel")
                .containsOnlyOnce("Optimal transport runs without the Vector API")
                .containsOnlyOnce(reason);
    }

    @Test
    @Timeout(60)
    void aProcessWithTheModuleRunsWhatThisOneRuns()
            throws IOException, URISyntaxException, InterruptedException {
        String kernel = best.getClass().getSimpleName();
        String output = output(List.of(MODULE));
        assertThat(output).contains(kernel + " " + kernel);
        assertThat(output.contains("without the Vector API")).isEqualTo(best.bits() < 256);
    }

    private static String output(List<String> flags)
            throws IOException, URISyntaxException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-cp",
                        classes(Kernels.class) + File.pathSeparator + classes(KernelsTest.class),
                        Chosen.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        }
    }

    private static Path classes(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Prints the kernels that a process chooses. */
    static final class Chosen {

        private Chosen() {}

        public static void main(String[] arguments) {
            System.out.println(
                    Kernels.best().getClass().getSimpleName()
                            + " "
                            + Kernels.best().getClass().getSimpleName());
        }
    }
}
