package dev.sot.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.server.bench.PointClouds.PointCloud;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PointCloudsTest {

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource
    void drawsWhatTheSeedSays(CloudKind kind) {
        assertThat(values(kind.draw(3, 5, 4, 7))).isEqualTo(values(kind.draw(3, 5, 4, 7)));
        assertThat(values(kind.draw(3, 5, 4, 7))).isNotEqualTo(values(kind.draw(3, 5, 4, 8)));
    }

    @ParameterizedTest
    @EnumSource
    void weightsAreDistributionsAndPointsHaveNormsOfOrderOne(CloudKind kind) {
        PointClouds drawn = kind.draw(20, 30, 64, 1);

        assertThat(drawn.clouds()).hasSize(20);
        double squares = 0;
        for (PointCloud cloud : drawn.clouds()) {
            assertThat(cloud.size()).isEqualTo(30);
            assertThat(DoubleStream.of(cloud.weights()).sum()).isBetween(1 - 1e-12, 1 + 1e-12);
            assertThat(DoubleStream.of(cloud.weights()).min().orElseThrow()).isPositive();
            for (float coordinate : cloud.coordinates()) {
                squares += coordinate * coordinate;
            }
        }
        assertThat(squares / (20 * 30)).isBetween(0.5, 3.0);
    }

    @Test
    void onlyUniformWeightsAreEqual() {
        assertThat(CloudKind.uniform.draw(1, 9, 2, 1).clouds().get(0).weights())
                .containsOnly(1.0 / 9);
        assertThat(CloudKind.random.draw(1, 9, 2, 1).clouds().get(0).weights())
                .doesNotHaveDuplicates();
        assertThat(CloudKind.clustered.draw(1, 9, 2, 1).clouds().get(0).weights())
                .doesNotHaveDuplicates();
    }

    @Test
    void aFileGivesTheSameBitsBack() throws IOException {
        Path file = directory.resolve("clouds.otb");
        PointClouds drawn = CloudKind.clustered.draw(4, 6, 3, 1);
        drawn.write(file);

        PointClouds read = PointClouds.read(file);

        assertThat(read.dimension()).isEqualTo(3);
        assertThat(values(read)).isEqualTo(values(drawn));
    }

    @Test
    void theFileIsLaidOutAsDocumented() throws IOException {
        Path file = directory.resolve("clouds.otb");
        PointCloud cloud = new PointCloud(new double[] {0.25, 0.75}, new float[] {1, 2, 3, 4});
        new PointClouds(2, List.of(cloud)).write(file);

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(bytes.remaining()).isEqualTo(4 + 3 * 4 + 4 + 2 * 8 + 4 * 4);
        assertThat(new String(bytes.array(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("OTB1");
        assertThat(new int[] {bytes.getInt(4), bytes.getInt(8), bytes.getInt(12), bytes.getInt(16)})
                .containsExactly(1, 1, 2, 2);
        assertThat(bytes.getDouble(28)).isEqualTo(0.75);
        assertThat(bytes.getFloat(36 + 4)).isEqualTo(2);
    }

    @Test
    void otherFilesAndTruncatedOnesAreRefused() throws IOException {
        Path file = directory.resolve("clouds.otb");
        CloudKind.random.draw(2, 3, 4, 1).write(file);
        byte[] whole = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> PointClouds.read(file)).isInstanceOf(EOFException.class);
        whole[0] = 'X';
        Files.write(file, whole);
        assertThatThrownBy(() -> PointClouds.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aPowerOfTwoScalesExactly() {
        PointClouds drawn = CloudKind.random.draw(2, 3, 4, 1);
        assertThat(values(drawn.scaled(0x1p-23f).scaled(0x1p23f))).isEqualTo(values(drawn));
    }

    @Test
    void distributionsLieOnTheSharedTable() {
        PointClouds drawn = CloudKind.random.draw(3, 4, 2, 1);

        assertThat(drawn.points().size()).isEqualTo(12);
        assertThat(drawn.distributions().get(2).positions()).containsExactly(8, 9, 10, 11);
        assertThat(drawn.points().coordinate(9, 1))
                .isEqualTo(drawn.clouds().get(2).coordinates()[3]);
    }

    private static double[] values(PointClouds clouds) {
        DoubleStream.Builder all = DoubleStream.builder();
        for (PointCloud cloud : clouds.clouds()) {
            DoubleStream.of(cloud.weights()).forEach(all);
            for (float coordinate : cloud.coordinates()) {
                all.add(coordinate);
            }
        }
        return all.build().toArray();
    }
}
