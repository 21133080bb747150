package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header of a safetensors file: 8 bytes of little-endian header length, a JSON object
 * that gives each tensor's type, shape and byte range, then the tensors' bytes. Every number is
 * checked before it is used; tensors must cover the bytes exactly, without overlap or hole.
 */
public final class SafetensorsFile {
    /** Longest header, as in the format's own implementation. */
    private static final long MAX_HEADER = 100_000_000;

    private static final String AGAIN = "write the file again";

    private SafetensorsFile() {}

    /**
     * The tensors of a file by name, in the order of their bytes.
     *
     * @throws FormatException when the file is not a sound safetensors file
     */
    public static Map<String, Tensor> read(Path file, String displayName) {
        FileStamp stamp = FileStamp.of(file, displayName);
        byte[] header = header(file, displayName, stamp.size());
        long dataStart = 8L + header.length;
        List<Entry> entries =
                JsonPass.over(header, displayName, pass -> entries(pass, stamp.size() - dataStart));
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long covered = 0;
        for (Entry entry : entries) {
            if (entry.begin != covered) {
                throw new FormatException(
                        displayName,
                        "header." + Json.shorten(entry.name) + ".data_offsets",
                        entry.begin < covered
                                ? "the tensor begins at "
                                        + entry.begin
                                        + ", inside the one before, which ends at "
                                        + covered
                                : "the bytes from "
                                        + covered
                                        + " to "
                                        + entry.begin
                                        + " belong to no tensor",
                        AGAIN);
            }
            covered = entry.end;
            tensors.put(
                    entry.name,
                    new Tensor(
                            file,
                            displayName,
                            entry.name,
                            entry.type,
                            entry.shape,
                            dataStart + entry.begin));
        }
        if (covered != stamp.size() - dataStart) {
            throw new FormatException(
                    displayName,
                    "header",
                    "the tensors end at byte " + covered + " of " + (stamp.size() - dataStart),
                    AGAIN);
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static byte[] header(Path file, String name, long size) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] prefix = in.readNBytes(8);
            if (prefix.length < 8) {
                throw new FormatException(
                        name,
                        "beginning",
                        "the file has only " + size + " bytes",
                        "it was cut off; copy it again");
            }
            long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > MAX_HEADER || length > size - 8) {
                throw new FormatException(
                        name,
                        "beginning",
                        "the header's length is "
                                + Long.toUnsignedString(length)
                                + " in a file of "
                                + size
                                + " bytes, where at most "
                                + MAX_HEADER
                                + " are allowed",
                        "check that it is a safetensors file and was copied whole");
            }
            byte[] header = in.readNBytes((int) length);
            if (header.length < length) {
                throw FileStamp.changed(name);
            }
            return header;
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    private record Entry(String name, TensorType type, long[] shape, long begin, long end) {}

    private static List<Entry> entries(JsonPass pass, long dataBytes) throws IOException {
        JsonParser parser = pass.parser;
        parser.nextToken();
        pass.require(JsonToken.START_OBJECT, "header", "an object");
        Map<String, Entry> entries = new LinkedHashMap<>();
        boolean metadata = false;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            String path = "header." + Json.shorten(name);
            parser.nextToken();
            if (name.equals("__metadata__")) {
                if (metadata) {
                    throw pass.duplicate(path);
                }
                metadata = true;
                pass.require(JsonToken.START_OBJECT, path, "an object");
                Json.text(parser);
            } else if (entries.put(name, entry(pass, name, path, dataBytes)) != null) {
                throw pass.duplicate(path);
            }
        }
        pass.finish();
        return new ArrayList<>(entries.values());
    }

    private static Entry entry(JsonPass pass, String name, String path, long dataBytes)
            throws IOException {
        pass.require(JsonToken.START_OBJECT, path, "an object");
        TensorType type = null;
        long[] shape = null;
        long[] offsets = null;
        JsonParser parser = pass.parser;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            String place = path + "." + Json.shorten(key);
            switch (key) {
                case "dtype" -> type = type(pass, place, type);
                case "shape" -> shape = wholes(pass, place, shape);
                case "data_offsets" -> offsets = wholes(pass, place, offsets);
                default ->
                        throw pass.failure(
                                place,
                                "the key is not known",
                                "keep dtype, shape and data_offsets");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw pass.failure(path, "dtype, shape and two data_offsets are not all there", AGAIN);
        }
        if (offsets[0] > offsets[1] || offsets[1] > dataBytes) {
            throw pass.failure(
                    path + ".data_offsets",
                    "the range from "
                            + offsets[0]
                            + " to "
                            + offsets[1]
                            + " does not lie in the "
                            + dataBytes
                            + " bytes of the file",
                    "it may have been cut off; copy it again");
        }
        long bytes;
        try {
            bytes = Math.multiplyExact(Tensor.size(shape), type.bytes());
        } catch (ArithmeticException e) {
            bytes = -1;
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw pass.failure(
                    path,
                    "shape and dtype do not give the "
                            + (offsets[1] - offsets[0])
                            + " bytes of data_offsets",
                    AGAIN);
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static TensorType type(JsonPass pass, String place, TensorType earlier)
            throws IOException {
        if (earlier != null) {
            throw pass.duplicate(place);
        }
        String text = pass.string(place);
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(text)) {
                return type;
            }
        }
        throw pass.failure(
                place,
                "the type " + Json.shorten(text) + " is not known",
                "save it as F16, BF16, F32 or F64");
    }

    private static long[] wholes(JsonPass pass, String place, long[] earlier) throws IOException {
        if (earlier != null) {
            throw pass.duplicate(place);
        }
        pass.require(JsonToken.START_ARRAY, place, "a list");
        List<Long> values = new ArrayList<>();
        while (pass.parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(pass.whole(place + "[" + values.size() + "]", 0, Long.MAX_VALUE));
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
