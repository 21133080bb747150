package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.linear.SingularValues;
import java.util.Arrays;

/**
 * The rotation of one layer's states onto those of a reference layer,
 *
 * <pre>    h -> m_ref + (s_ref / s) Q (h - m),    Q = U V',    sum (h_ref - m_ref)(h - m)' = U S V'
 * </pre>
 *
 * with m the mean of a layer's states and s the root mean square length of the centred ones: Q is
 * the orthogonal matrix that minimises the squared error (Schoenemann, 1966). The scale is that at
 * which both layers spread alike, not that of least squares, which draws a layer together the less
 * it has in common with the reference layer. Where layers are of different widths, or a direction
 * of one has nothing to do with the other, Q is orthogonal on the directions that they share and
 * vanishes on the others.
 */
public final class ProcrustesMap {

    private ProcrustesMap() {}

    /**
     * The rotation, followed by the projection on a space of the reference layer.
     *
     * <p>A singular value decomposition, {@code O(d^3)} with a factor of about 30.
     *
     * @param pairs moments of the rows {@code [h, h_ref]}
     * @param inputs number of coordinates of h
     * @param space of the reference layer
     */
    public static AffineMap of(
            Moments pairs,
            int inputs,
            PrincipalSpace space,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        double[][] scatter = pairs.scatter();
        int outputs = pairs.dimension() - inputs;
        double[][] cross = new double[inputs][];
        double squares = 0;
        double squaresReference = 0;
        for (int i = 0; i < pairs.dimension(); i++) {
            if (i < inputs) {
                cross[i] = Arrays.copyOfRange(scatter[i], inputs, inputs + outputs);
                squares += scatter[i][i];
            } else {
                squaresReference += scatter[i][i];
            }
        }
        if (!(squares > 0)) {
            throw new IllegalStateException(
                    "all " + pairs.count() + " hidden states are equal: there is nothing to turn");
        }
        SingularValues common = algebra.singularValues(cross, concurrency, monitor);
        if (common.values().length == 0) {
            throw new IllegalStateException(
                    "the hidden states of the two layers have nothing to do with one another");
        }
        double scale = Math.sqrt(squaresReference / squares);
        double[][] onto = space.scaledDirections();
        // The space's directions times U, times V'.
        double[][] turned =
                algebra.project(onto, onto.length, common.right(), concurrency, monitor);
        double[][] directions = new double[onto.length][inputs];
        for (int r = 0; r < onto.length; r++) {
            monitor.check();
            for (int k = 0; k < common.values().length; k++) {
                double factor = scale * turned[r][k];
                for (int i = 0; i < inputs; i++) {
                    directions[r][i] += factor * common.left()[k][i];
                }
            }
        }
        double[] mean = pairs.mean();
        double[] offset = new double[onto.length];
        for (int r = 0; r < onto.length; r++) {
            for (int j = 0; j < outputs; j++) {
                offset[r] += onto[r][j] * (mean[inputs + j] - space.mean()[j]);
            }
        }
        return new AffineMap(Arrays.copyOf(mean, inputs), directions, offset);
    }
}
