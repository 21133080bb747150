package dev.sot.transport.match.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

/** Every measure is what its definition gives on dense arrays. */
class LikenessTest {

    private final Random random = new Random(11);

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int k = 0; k < a.length; k++) {
            dot += (double) a[k] * b[k];
        }
        return dot;
    }

    @Test
    void vectorsAreComparedByCosineOrDistance() {
        float[][] sources = Dense.vectors(random, 4, 7);
        float[][] targets = Dense.vectors(random, 9, 7);
        Likeness cosine = VectorLikeness.cosine(sources, targets);
        Likeness distance = VectorLikeness.distance(sources, targets);
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 9; j++) {
                double product = dot(sources[i], targets[j]);
                double one = dot(sources[i], sources[i]);
                double other = dot(targets[j], targets[j]);
                assertThat(Dense.row(cosine, i)[j])
                        .isCloseTo(product / Math.sqrt(one * other), within(1e-12));
                double square = 0;
                for (int k = 0; k < 7; k++) {
                    square += Math.pow((double) sources[i][k] - targets[j][k], 2);
                }
                assertThat(Dense.row(distance, i)[j]).isCloseTo(-square, within(1e-11));
            }
        }
    }

    @Test
    void aVectorOfZerosIsLikeNothingAndLengthsMustAgree() {
        float[][] zero = {{0, 0}};
        float[][] one = {{1, 2}};
        assertThat(Dense.row(VectorLikeness.cosine(zero, one), 0)).containsExactly(0);
        assertThatThrownBy(() -> VectorLikeness.cosine(one, new float[][] {{1, 2, 3}}))
                .hasMessageContaining("dimension 2, the targets have 3");
        assertThatThrownBy(() -> VectorLikeness.cosine(one, new float[][] {{1, Float.NaN}}))
                .hasMessageContaining("not finite");
    }

    @Test
    void correlationAndJaccardAreThoseOfTheDenseActivations() {
        int positions = 200;
        Dense sources = Dense.random(random, 5, positions, 0.4);
        Dense targets = Dense.random(random, 8, positions, 0.3);
        Likeness correlation =
                FiringLikeness.correlation(sources.recording(), targets.recording(), positions);
        Likeness jaccard = FiringLikeness.jaccard(sources.recording(), targets.recording());
        PearsonsCorrelation oracle = new PearsonsCorrelation();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 8; j++) {
                double[] a = sources.columns()[i];
                double[] b = targets.columns()[j];
                assertThat(Dense.row(correlation, i)[j])
                        .isCloseTo(oracle.correlation(a, b), within(1e-12));
                int both = 0;
                int either = 0;
                for (int t = 0; t < positions; t++) {
                    both += a[t] > 0 && b[t] > 0 ? 1 : 0;
                    either += a[t] > 0 || b[t] > 0 ? 1 : 0;
                }
                assertThat(Dense.row(jaccard, i)[j])
                        .isCloseTo((double) both / either, within(1e-12));
            }
        }
    }

    @Test
    void tokenHistogramsAreComparedByTotalVariation() {
        int positions = 60;
        long[] ids = random.longs(positions, 100, 112).toArray();
        Dense sources = Dense.random(random, 4, positions, 0.5);
        Dense targets = Dense.random(random, 6, positions, 0.5);
        Likeness likeness =
                new TokenLikeness(
                        sources.recording(),
                        targets.recording(),
                        TokenLikeness.numbered(ids),
                        Monitor.NONE);
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 6; j++) {
                double[] p = histogram(sources.columns()[i], ids);
                double[] q = histogram(targets.columns()[j], ids);
                double variation = 0;
                for (int v = 0; v < p.length; v++) {
                    variation += Math.abs(p[v] - q[v]) / 2;
                }
                assertThat(Dense.row(likeness, i)[j]).isCloseTo(1 - variation, within(1e-12));
            }
        }
    }

    private static double[] histogram(double[] column, long[] ids) {
        double[] histogram = new double[12];
        for (int t = 0; t < column.length; t++) {
            histogram[(int) ids[t] - 100] += column[t] / Arrays.stream(column).sum();
        }
        return histogram;
    }

    @Test
    void whatDoesNotVaryOrFireCannotBeCompared() {
        Recording sources =
                new Recording(
                        List.of(new int[] {}, new int[] {0, 1}, new int[] {1}),
                        List.of(new double[] {}, new double[] {1, 1}, new double[] {3}));
        Likeness correlation = FiringLikeness.correlation(sources, sources, 2);
        assertThat(Dense.row(correlation, 2))
                .containsExactly(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 1);
        assertThat(Dense.row(FiringLikeness.jaccard(sources, sources), 1))
                .containsExactly(Double.NEGATIVE_INFINITY, 1, 0.5);
        assertThat(
                        Dense.row(
                                new TokenLikeness(sources, sources, new int[] {0, 1}, Monitor.NONE),
                                2))
                .containsExactly(Double.NEGATIVE_INFINITY, 0.5, 1);
    }

    @Test
    void centroidsAreMeansWeightedByActivation() {
        PointTable points = new PointTable(2, new double[] {1, 10, 3, 20, 8, 90});
        assertThat(Centroids.mean(points)).containsExactly(4, 40);
        Recording recording =
                new Recording(
                        List.of(new int[] {0, 1}, new int[] {}),
                        List.of(new double[] {3, 1}, new double[] {}));
        assertThat(Centroids.of(recording, points, new double[] {1, 0}, Monitor.NONE))
                .isDeepEqualTo(new float[][] {{0.5f, 12.5f}, {0, 0}});
    }

    @Test
    void foldedParametersDoNotDependOnTheFeaturesScale() {
        float[][] encoder = Dense.vectors(random, 3, 4);
        float[][] decoder = Dense.vectors(random, 3, 4);
        double[] scale = {0.5, 2, 8};
        float[][] folded = FoldedVectors.fold(encoder, decoder, scale);
        assertThat(folded[1][2]).isEqualTo((float) (encoder[1][2] / 2.0));
        assertThat(folded[2][4]).isEqualTo(decoder[2][0] * 8);
        PlantedCopy copy = PlantedCopy.draw(3, 0, 5);
        float[][] again =
                FoldedVectors.fold(
                        copy.encoder(encoder), copy.decoder(decoder), copy.threshold(scale));
        for (int f = 0; f < 3; f++) {
            for (int k = 0; k < 8; k++) {
                assertThat(again[copy.partner()[f]][k])
                        .isCloseTo(folded[f][k], within(Math.abs(folded[f][k]) * 1e-6f));
            }
        }
    }
}
