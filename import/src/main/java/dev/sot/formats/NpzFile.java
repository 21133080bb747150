package dev.sot.formats;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the arrays of a NumPy archive (npz) as {@code numpy.savez} writes it: a zip file whose
 * entries are not compressed. Their values are read from where they lie in the archive; nothing is
 * unpacked, and an entry's name is only ever compared.
 */
public final class NpzFile {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MAX_ENTRIES = 1000;
    private static final int NPY_HEADER = 1 << 16;
    private static final long UNSIGNED = 0xffffffffL;
    private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9_.]{1,200}\\.npy");
    private static final String SAVE = "save it with numpy.savez, which does not compress";

    private final Path file;
    private final String name;
    private final FileChannel channel;
    private final long size;

    private NpzFile(Path file, String name, FileChannel channel) throws IOException {
        this.file = file;
        this.name = name;
        this.channel = channel;
        this.size = channel.size();
    }

    /**
     * The arrays of an archive by name.
     *
     * @throws FormatException when it is not a sound archive of plain arrays
     */
    public static Map<String, Tensor> read(Path file, String displayName) {
        FileStamp.of(file, displayName);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new NpzFile(file, displayName, channel).entries();
        } catch (IOException e) {
            throw FileStamp.unreadable(displayName, e);
        }
    }

    private Map<String, Tensor> entries() throws IOException {
        ByteBuffer end = end();
        int count = end.getShort(10) & 0xffff;
        long directoryBytes = end.getInt(12) & UNSIGNED;
        long directoryStart = end.getInt(16) & UNSIGNED;
        if (count > MAX_ENTRIES
                || directoryStart + directoryBytes > size
                || directoryBytes > (long) MAX_ENTRIES * (CENTRAL_BYTES + 1024)) {
            throw failure(
                    "the directory of " + count + " entries does not fit the file",
                    "archives of up to 4 GB and " + MAX_ENTRIES + " arrays are supported");
        }
        ByteBuffer directory = bytes(directoryStart, (int) directoryBytes);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            if (directory.remaining() < CENTRAL_BYTES
                    || directory.getInt(directory.position()) != CENTRAL_SIGNATURE) {
                throw damaged("entry " + i + " of the directory");
            }
            int at = directory.position();
            int nameLength = directory.getShort(at + 28) & 0xffff;
            int skipped =
                    (directory.getShort(at + 30) & 0xffff) + (directory.getShort(at + 32) & 0xffff);
            if (directory.remaining() < CENTRAL_BYTES + nameLength + skipped) {
                throw damaged("entry " + i + " of the directory");
            }
            String entry =
                    new String(
                            directory.array(),
                            at + CENTRAL_BYTES,
                            nameLength,
                            StandardCharsets.UTF_8);
            if (!ENTRY.matcher(entry).matches()) {
                throw failure(
                        "the entry " + Json.shorten(entry) + " is not the name of an array", SAVE);
            }
            if (directory.getShort(at + 10) != 0 || (directory.getShort(at + 8) & 1) != 0) {
                throw failure("the entry " + entry + " is compressed or encrypted", SAVE);
            }
            String array = entry.substring(0, entry.length() - 4);
            Tensor tensor =
                    array(
                            array,
                            directory.getInt(at + 42) & UNSIGNED,
                            directory.getInt(at + 24) & UNSIGNED);
            if (tensors.put(array, tensor) != null) {
                throw failure("the entry " + entry + " occurs twice", SAVE);
            }
            directory.position(at + CENTRAL_BYTES + nameLength + skipped);
        }
        return tensors;
    }

    private Tensor array(String array, long header, long length) throws IOException {
        if (header + LOCAL_BYTES > size) {
            throw damaged("entry " + array);
        }
        ByteBuffer local = bytes(header, LOCAL_BYTES);
        long begin =
                header
                        + LOCAL_BYTES
                        + (local.getShort(26) & 0xffff)
                        + (local.getShort(28) & 0xffff);
        if (local.getInt(0) != LOCAL_SIGNATURE || begin + length > size) {
            throw damaged("entry " + array);
        }
        byte[] start = bytes(begin, (int) Math.min(length, NPY_HEADER)).array();
        return NpyFile.read(
                file, name + "/" + array, array, begin, length, new ByteArrayInputStream(start));
    }

    /** The record at the end of the archive. */
    private ByteBuffer end() throws IOException {
        int length = (int) Math.min(size, END_BYTES + MAX_COMMENT);
        ByteBuffer tail = bytes(size - length, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE) {
                return tail.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw failure("it does not end as a zip file", "it may have been cut off; copy it again");
    }

    private ByteBuffer bytes(long begin, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, begin + buffer.position()) < 0) {
                throw FileStamp.changed(name);
            }
        }
        return buffer.flip();
    }

    private FormatException damaged(String what) {
        return failure(what + " is damaged", "it may have been cut off; copy it again");
    }

    private FormatException failure(String problem, String remedy) {
        return new FormatException(name, "archive", problem, remedy);
    }
}
