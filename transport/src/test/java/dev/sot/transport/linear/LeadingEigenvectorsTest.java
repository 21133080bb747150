package dev.sot.transport.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Monitor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeadingEigenvectorsTest {

    /** From a spectrum that falls off quickly to the flat one of noise. */
    @ParameterizedTest
    @ValueSource(doubles = {2, 0.5, 0})
    void fewPairsOfALargeMatrixNeedNoFullDecomposition(double decay) {
        int d = 700;
        Random random = new Random(1);
        double[][] rows = new double[1000][d];
        for (double[] row : rows) {
            for (int k = 0; k < d; k++) {
                row[k] = random.nextGaussian() / Math.pow(1 + k, decay);
            }
        }
        double[][] matrix = new double[d][d];
        Backends.java().addScatter(rows, rows.length, matrix, 1, Monitor.NONE);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < i; j++) {
                matrix[i][j] = matrix[j][i];
            }
        }
        assertThat(LeadingEigenvectors.find(Backends.java(), matrix, 16, 1, Monitor.NONE))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300})
    void smallMatricesAndManyPairsAreLeftToTheFullDecomposition(int count) {
        int d = count == 1 ? 200 : 1000;
        assertThat(
                        LeadingEigenvectors.find(
                                Backends.java(), new double[d][d], count, 1, Monitor.NONE))
                .isEmpty();
    }
}
