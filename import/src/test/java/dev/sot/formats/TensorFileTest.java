package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFileTest {
    private static final String A = TensorFiles.entry("a", "F32", "[2]", 0, 8);
    private static final byte[] EIGHT = new byte[8];

    @TempDir Path directory;

    @Test
    void tensorsAreReadInAnyOrderOfTheHeader() throws IOException {
        Map<String, Tensor> tensors =
                safetensors(
                        TensorFiles.safetensors(
                                "{\"__metadata__\":{\"format\":\"pt\"},"
                                        + TensorFiles.entry("b", "I32", "[2,1]", 8, 16)
                                        + ","
                                        + A
                                        + ","
                                        + TensorFiles.entry("none", "F16", "[0,3]", 8, 8)
                                        + "}   ",
                                TensorFiles.floats(1.5f, -2),
                                TensorFiles.ints(7, -8)));
        assertThat(tensors.keySet()).containsExactly("a", "none", "b");
        float[] floats = new float[2];
        try (Tensor.Reader reader = tensors.get("a").open()) {
            reader.read(0, 2, floats);
        }
        assertThat(floats).containsExactly(1.5f, -2);
        long[] wholes = new long[1];
        try (Tensor.Reader reader = tensors.get("b").open()) {
            reader.read(1, 1, wholes);
        }
        assertThat(wholes).containsExactly(-8);
        assertThat(tensors.get("none").size()).isZero();
    }

    @Test
    void halvesAndBrainFloatsAreExact() throws IOException {
        Map<String, Tensor> tensors =
                safetensors(
                        TensorFiles.safetensors(
                                "{"
                                        + TensorFiles.entry("half", "F16", "[7]", 0, 14)
                                        + ","
                                        + TensorFiles.entry("brain", "BF16", "[2]", 14, 18)
                                        + "}",
                                TensorFiles.shorts(
                                        0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x8000),
                                TensorFiles.shorts(0x3f80, 0xc2f7)));
        double[] half = new double[7];
        double[] brain = new double[2];
        try (Tensor.Reader h = tensors.get("half").open();
                Tensor.Reader b = tensors.get("brain").open()) {
            h.read(0, 7, half);
            b.read(0, 2, brain);
        }
        assertThat(half)
                .containsExactly(1, -2, 65504, 0x1p-24, 0x1p-14, Double.POSITIVE_INFINITY, -0.0);
        assertThat(brain).containsExactly(1, -123.5);
    }

    @Test
    void unsoundHeadersAreRefused() throws IOException {
        refuse("a header that covers less", "{" + A + "}", new byte[12], "end at byte 8 of 12");
        refuse("a cut-off file", "{" + A + "}", new byte[7], "does not lie in the 7 bytes");
        refuse(
                "an overlap",
                "{" + A + "," + TensorFiles.entry("b", "F32", "[2]", 4, 12) + "}",
                new byte[12],
                "inside the one before");
        refuse(
                "a hole",
                "{" + A + "," + TensorFiles.entry("b", "F32", "[1]", 12, 16) + "}",
                new byte[16],
                "belong to no tensor");
        refuse("an unknown type", "{" + A.replace("F32", "F99") + "}", EIGHT, "F99 is not known");
        refuse(
                "a wrong shape",
                "{" + A.replace("[2]", "[3]") + "}",
                EIGHT,
                "do not give the 8 bytes");
        refuse(
                "an overflow",
                "{" + A.replace("[2]", "[4611686018427387904,4]") + "}",
                EIGHT,
                "do not give the 8 bytes");
        refuse("a negative size", "{" + A.replace("[2]", "[-2]") + "}", EIGHT, "-2");
        refuse("reversed offsets", "{" + A.replace("[0,8]", "[8,0]") + "}", EIGHT, "from 8 to 0");
        refuse("a repeated tensor", "{" + A + "," + A + "}", EIGHT, "occurs twice");
        refuse("a list", "[]", EIGHT, "an object");
        refuse("an unknown key", "{" + A.replace("dtype", "type") + "}", EIGHT, "not known");
        Path file = TensorFiles.write(directory.resolve("x"), TensorFiles.ints(-1, -1, 0));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> SafetensorsFile.read(file, "x"))
                .withMessageContaining("18446744073709551615");
    }

    private void refuse(String what, String header, byte[] data, String message) {
        assertThatExceptionOfType(FormatException.class)
                .as(what)
                .isThrownBy(() -> safetensors(TensorFiles.safetensors(header, data)))
                .withMessageContaining(message);
    }

    @Test
    void anyCutOrFlippedByteIsAFormatExceptionOrAResult() throws IOException {
        byte[] sound =
                TensorFiles.safetensors(
                        "{\"__metadata__\":{\"format\":\"pt\"}," + A + "}",
                        TensorFiles.floats(1, 2));
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatExceptionOfType(FormatException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> safetensors(cut));
        }
        for (byte[] flipped : Flips.of(sound, 1)) {
            Flips.tolerate(() -> safetensors(flipped));
        }
        byte[] array =
                TensorFiles.npy(
                        1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", EIGHT);
        for (int length = 0; length < array.length; length++) {
            byte[] cut = Arrays.copyOf(array, length);
            assertThatExceptionOfType(FormatException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> npy(cut));
        }
        for (byte[] flipped : Flips.of(array, 1)) {
            Flips.tolerate(() -> npy(flipped));
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void arraysOfEveryFormatVersionAreRead(int version) throws IOException {
        Tensor tensor =
                npy(
                        TensorFiles.npy(
                                version,
                                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }   \n",
                                TensorFiles.floats(3, 4)));
        float[] values = new float[2];
        try (Tensor.Reader reader = tensor.open()) {
            reader.read(0, 2, values);
        }
        assertThat(tensor.shape()).containsExactly(1, 2);
        assertThat(values).containsExactly(3, 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } ; are Python objects",
                "{'descr': '>f8', 'fortran_order': False, 'shape': (1,), } ; not supported",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), } ; Fortran order",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } ; does not give the 8"
                        + " bytes",
                "{'descr': '<f4', 'fortran_order': False, } ; not that of a plain array",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), } ; not that of a"
                        + " plain array",
                "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} ; not that"
                        + " of a plain array",
                "__import__('os') ; not that of a plain array"
            },
            quoteCharacter = '"')
    void otherArraysAreRefused(String header, String message) {
        byte[] bytes = TensorFiles.npy(1, header, EIGHT);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> npy(bytes))
                .withMessageContaining(message);
    }

    @Test
    void readingSpansBuffers() throws IOException {
        float[] values = new float[100_000];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        Tensor tensor =
                npy(
                        TensorFiles.npy(
                                1,
                                "{'descr': '<f4', 'fortran_order': False, 'shape': (100000,)}",
                                TensorFiles.floats(values)));
        float[] read = new float[99_999];
        try (Tensor.Reader reader = tensor.open()) {
            reader.read(1, read.length, read);
        }
        assertThat(read).isEqualTo(Arrays.copyOfRange(values, 1, values.length));
    }

    private Map<String, Tensor> safetensors(byte[] bytes) throws IOException {
        return SafetensorsFile.read(
                Files.write(directory.resolve("x.safetensors"), bytes), "x.safetensors");
    }

    private Tensor npy(byte[] bytes) throws IOException {
        return NpyFile.read(Files.write(directory.resolve("x.npy"), bytes), "x.npy");
    }
}
