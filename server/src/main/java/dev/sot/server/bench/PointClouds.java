package dev.sot.server.bench;

import dev.sot.transport.Distribution;
import dev.sot.transport.PointTable;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weighted point clouds to be compared in pairs, and the file in which programs of several
 * languages read the same ones.
 *
 * <p>The file (OTB1, little-endian): the magic {@code OTB1}; int32 version, 1; int32 number of
 * clouds; int32 dimension d; then for each cloud int32 n, float64 weights [n] that sum to 1, and
 * float32 coordinates [n, d], a point a row.
 *
 * @param dimension coordinates of a point
 * @param clouds the clouds
 */
public record PointClouds(int dimension, List<PointCloud> clouds) {

    private static final byte[] MAGIC = "OTB1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    /**
     * One cloud.
     *
     * @param weights a weight a point; they sum to 1
     * @param coordinates row-major {@code [n, dimension]}
     */
    public record PointCloud(double[] weights, float[] coordinates) {

        /** The number of points. */
        public int size() {
            return weights.length;
        }
    }

    /** Distributions with their points, which they may share. */
    static PointClouds of(PointTable points, List<Distribution> distributions) {
        List<PointCloud> clouds = new ArrayList<>();
        for (Distribution distribution : distributions) {
            float[] coordinates = new float[distribution.size() * points.dimension()];
            for (int c = 0; c < coordinates.length; c++) {
                int row = distribution.positions()[c / points.dimension()];
                coordinates[c] = (float) points.coordinate(row, c % points.dimension());
            }
            clouds.add(new PointCloud(distribution.weights(), coordinates));
        }
        return new PointClouds(points.dimension(), clouds);
    }

    /** All points of all clouds, one cloud after the other. */
    public PointTable points() {
        int values = clouds.stream().mapToInt(cloud -> cloud.coordinates.length).sum();
        float[] all = new float[values];
        int at = 0;
        for (PointCloud cloud : clouds) {
            System.arraycopy(cloud.coordinates, 0, all, at, cloud.coordinates.length);
            at += cloud.coordinates.length;
        }
        return new PointTable(dimension, all);
    }

    /** The clouds as distributions on {@link #points()}. */
    public List<Distribution> distributions() {
        List<Distribution> distributions = new ArrayList<>();
        int first = 0;
        for (PointCloud cloud : clouds) {
            int[] positions = IntStream.range(first, first + cloud.size()).toArray();
            distributions.add(new Distribution(positions, cloud.weights));
            first += cloud.size();
        }
        return distributions;
    }

    /** The same clouds with every coordinate multiplied; exact for a power of two. */
    public PointClouds scaled(float factor) {
        List<PointCloud> scaled = new ArrayList<>();
        for (PointCloud cloud : clouds) {
            float[] coordinates = cloud.coordinates.clone();
            for (int i = 0; i < coordinates.length; i++) {
                coordinates[i] *= factor;
            }
            scaled.add(new PointCloud(cloud.weights, coordinates));
        }
        return new PointClouds(dimension, scaled);
    }

    /** Writes the clouds to a file, which is replaced if it exists. */
    public void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer header = buffer(MAGIC.length + 3 * Integer.BYTES);
            header.put(MAGIC).putInt(VERSION).putInt(clouds.size()).putInt(dimension);
            out.write(header.array());
            for (PointCloud cloud : clouds) {
                ByteBuffer bytes = buffer(Integer.BYTES + bytes(cloud.size()));
                bytes.putInt(cloud.size());
                for (double weight : cloud.weights) {
                    bytes.putDouble(weight);
                }
                for (float coordinate : cloud.coordinates) {
                    bytes.putFloat(coordinate);
                }
                out.write(bytes.array());
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if the file ends too early or is no such file
     */
    public static PointClouds read(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            ByteBuffer header = take(in, MAGIC.length + 3 * Integer.BYTES);
            byte[] magic = new byte[MAGIC.length];
            header.get(magic);
            if (!Arrays.equals(magic, MAGIC) || header.getInt() != VERSION) {
                throw new IOException(file + " does not hold point clouds of the format OTB1");
            }
            int count = header.getInt();
            int dimension = header.getInt();
            List<PointCloud> clouds = new ArrayList<>();
            for (int c = 0; c < count; c++) {
                int size = take(in, Integer.BYTES).getInt();
                ByteBuffer bytes = take(in, size * Double.BYTES);
                double[] weights = new double[size];
                bytes.asDoubleBuffer().get(weights);
                float[] coordinates = new float[size * dimension];
                take(in, coordinates.length * Float.BYTES).asFloatBuffer().get(coordinates);
                clouds.add(new PointCloud(weights, coordinates));
            }
            return new PointClouds(dimension, clouds);
        }
    }

    private int bytes(int size) {
        return size * (Double.BYTES + dimension * Float.BYTES);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer take(DataInputStream in, int bytes) throws IOException {
        ByteBuffer buffer = buffer(bytes);
        in.readFully(buffer.array());
        return buffer;
    }
}
