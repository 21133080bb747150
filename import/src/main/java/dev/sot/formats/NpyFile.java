package dev.sot.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header of a NumPy array file (npy, format versions 1 to 3): little-endian numbers in C
 * order. Object arrays are pickles and refused.
 */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final Pattern ENTRY =
            Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([\\d\\s,]*\\))\\s*,?");
    private static final Map<String, TensorType> TYPES =
            Map.of(
                    "<f2", TensorType.F16,
                    "<f4", TensorType.F32,
                    "<f8", TensorType.F64,
                    "<i4", TensorType.I32,
                    "<i8", TensorType.I64);

    private NpyFile() {}

    /**
     * The array of a file.
     *
     * @throws FormatException when the file is not a sound array of this kind
     */
    public static Tensor read(Path file, String displayName) {
        FileStamp stamp = FileStamp.of(file, displayName);
        try (InputStream in = Files.newInputStream(file)) {
            return read(file, displayName, "array", 0, stamp.size(), in);
        } catch (IOException e) {
            throw FileStamp.unreadable(displayName, e);
        }
    }

    /**
     * The array that begins at byte {@code begin} of a file and takes {@code size} bytes; the
     * stream stands there.
     */
    static Tensor read(Path file, String name, String tensor, long begin, long size, InputStream in)
            throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
            throw failure(name, "it does not begin as an npy file", "save it with numpy.save");
        }
        int version = start[6];
        if (version < 1 || version > 3) {
            throw failure(
                    name, "format version " + version + " is not known", "save it with numpy.save");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] length = Arrays.copyOf(in.readNBytes(lengthBytes), 4);
        long headerLength = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        long dataStart = 8L + lengthBytes + headerLength;
        if (headerLength < 0 || headerLength > MAX_HEADER || dataStart > size) {
            throw failure(
                    name,
                    "the header's length is " + headerLength + " in a file of " + size + " bytes",
                    "it may have been cut off; copy it again");
        }
        String header =
                new String(in.readNBytes((int) headerLength), StandardCharsets.UTF_8).strip();
        Map<String, String> entries = entries(name, header);
        String descr = entries.get("descr");
        String order = entries.get("fortran_order");
        String shapeText = entries.get("shape");
        if (entries.size() != 3 || descr == null || order == null || shapeText == null) {
            throw unreadable(name, header);
        }
        TensorType type = TYPES.get(descr.replace("'", ""));
        if (type == null) {
            boolean pickle = descr.contains("O");
            throw failure(
                    name,
                    "elements of type "
                            + Json.shorten(descr)
                            + (pickle
                                    ? " are Python objects, which are never loaded"
                                    : " are not supported"),
                    "save it as little-endian f2, f4, f8, i4 or i8");
        }
        long[] shape = shape(name, header, shapeText);
        if (!order.equals("False") && shape.length > 1) {
            throw failure(
                    name, "the array is in Fortran order", "save numpy.ascontiguousarray of it");
        }
        long bytes;
        try {
            bytes = Math.multiplyExact(Tensor.size(shape), type.bytes());
        } catch (ArithmeticException e) {
            bytes = -1;
        }
        if (bytes != size - dataStart) {
            throw failure(
                    name,
                    "the shape "
                            + shapeText
                            + " does not give the "
                            + (size - dataStart)
                            + " bytes that follow",
                    "it may have been cut off; copy it again");
        }
        return new Tensor(file, name, tensor, type, shape, begin + dataStart);
    }

    private static Map<String, String> entries(String name, String header) {
        if (!header.startsWith("{") || !header.endsWith("}")) {
            throw unreadable(name, header);
        }
        Map<String, String> entries = new HashMap<>();
        int end = header.length() - 1;
        Matcher matcher = ENTRY.matcher(header).region(1, end);
        int position = 1;
        while (matcher.lookingAt()) {
            if (entries.put(matcher.group(1), matcher.group(2)) != null) {
                throw unreadable(name, header);
            }
            position = matcher.end();
            matcher.region(position, end);
        }
        if (!header.substring(position, end).isBlank()) {
            throw unreadable(name, header);
        }
        return entries;
    }

    private static long[] shape(String name, String header, String text) {
        String[] parts = text.substring(1, text.length() - 1).split(",");
        try {
            return Arrays.stream(parts)
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw unreadable(name, header);
        }
    }

    private static FormatException unreadable(String name, String header) {
        return failure(
                name,
                "the header " + Json.shorten(header) + " is not that of a plain array",
                "save a plain array of numbers with numpy.save");
    }

    private static FormatException failure(String name, String problem, String remedy) {
        return new FormatException(name, "header", problem, remedy);
    }
}
