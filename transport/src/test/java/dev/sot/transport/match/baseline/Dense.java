package dev.sot.transport.match.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random recordings, and the same activations as dense columns. */
record Dense(Recording recording, double[][] columns) {

    static Dense random(Random random, int features, int positions, double share) {
        double[][] columns = new double[features][positions];
        List<int[]> where = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (double[] column : columns) {
            int[] fires = random.ints(0, positions).limit(positions).sorted().distinct().toArray();
            fires = Arrays.stream(fires).filter(p -> random.nextDouble() < share).toArray();
            double[] strengths = random.doubles(fires.length, 0.1, 5).toArray();
            for (int i = 0; i < fires.length; i++) {
                column[fires[i]] = strengths[i];
            }
            where.add(fires);
            values.add(strengths);
        }
        return new Dense(new Recording(where, values), columns);
    }

    static float[][] vectors(Random random, int count, int dimension) {
        float[][] vectors = new float[count][dimension];
        for (float[] vector : vectors) {
            for (int k = 0; k < dimension; k++) {
                vector[k] = (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    static double[] row(Likeness likeness, int source) {
        double[] row = new double[likeness.targets()];
        likeness.of(source, row);
        return row;
    }
}
