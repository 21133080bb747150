package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuresWassersteinTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 60})
    void agreesWithTheFormulaOnCovarianceMatrices(int dimension) {
        Geometry geometry = Clouds.RANDOM.geometry(61, dimension, GroundCost.EUCLIDEAN, 2);
        BuresWasserstein gaussians = new BuresWasserstein(geometry);
        List<Cloud> clouds = Clouds.clouds(geometry, 62);
        for (Cloud f : clouds) {
            for (Cloud g : clouds) {
                // The roots of covariance matrices lose half of the digits where ranks are low.
                assertThat(gaussians.compare(f, g).value()).isCloseTo(formula(f, g), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 60})
    void isTheSameBothWaysToTheBit(int dimension) {
        Geometry geometry = Clouds.RANDOM.geometry(63, dimension, GroundCost.EUCLIDEAN, 2);
        BuresWasserstein gaussians = new BuresWasserstein(geometry);
        List<Cloud> clouds = Clouds.clouds(geometry, 64);
        for (Cloud f : clouds) {
            for (Cloud g : clouds) {
                assertThat(gaussians.compare(f, g)).isEqualTo(gaussians.compare(g, f));
            }
        }
    }

    private static double formula(Cloud f, Cloud g) {
        RealMatrix first = covariance(f);
        RealMatrix second = covariance(g);
        RealMatrix root = root(first);
        RealMatrix cross = root(root.multiply(second).multiply(root));
        double means = Vectors.squaredDistance(mean(f), mean(g));
        return Math.sqrt(
                Math.max(0, means + first.getTrace() + second.getTrace() - 2 * cross.getTrace()));
    }

    private static RealMatrix root(RealMatrix matrix) {
        RealMatrix symmetric = matrix.add(matrix.transpose()).scalarMultiply(.5);
        EigenDecomposition eigen = new EigenDecomposition(symmetric);
        RealMatrix diagonal = eigen.getD();
        for (int k = 0; k < diagonal.getRowDimension(); k++) {
            diagonal.setEntry(k, k, Math.sqrt(Math.max(0, diagonal.getEntry(k, k))));
        }
        return eigen.getV().multiply(diagonal).multiply(eigen.getVT());
    }

    private static RealMatrix covariance(Cloud cloud) {
        int dimension = cloud.geometry().points().dimension();
        double[] mean = mean(cloud);
        double[][] covariance = new double[dimension][dimension];
        for (int i = 0; i < cloud.size(); i++) {
            double[] point = point(cloud, i);
            for (int k = 0; k < dimension; k++) {
                for (int l = 0; l < dimension; l++) {
                    covariance[k][l] +=
                            cloud.weight(i) * (point[k] - mean[k]) * (point[l] - mean[l]);
                }
            }
        }
        return new Array2DRowRealMatrix(covariance);
    }

    private static double[] mean(Cloud cloud) {
        double[] mean = new double[cloud.geometry().points().dimension()];
        for (int i = 0; i < cloud.size(); i++) {
            Vectors.add(mean, cloud.weight(i), point(cloud, i));
        }
        return mean;
    }

    private static double[] point(Cloud cloud, int i) {
        double[] point = new double[cloud.geometry().points().dimension()];
        for (int k = 0; k < point.length; k++) {
            point[k] = cloud.geometry().points().coordinate(cloud.position(i), k);
        }
        return point;
    }
}
