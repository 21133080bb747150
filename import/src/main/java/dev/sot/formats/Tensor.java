package dev.sot.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A tensor in a file: row by row, little-endian. It holds no resources; {@link #open} reads.
 *
 * <p>Files are read through a buffer rather than mapped, because a mapped file that is cut off
 * while it is read ends the process.
 */
public final class Tensor {
    private final Path path;
    private final String file;
    private final String name;
    private final TensorType type;
    private final long[] shape;
    private final long offset;

    Tensor(Path path, String file, String name, TensorType type, long[] shape, long offset) {
        this.path = path;
        this.file = file;
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.offset = offset;
    }

    /** The file's name in messages. */
    public String file() {
        return file;
    }

    /** The tensor's name in the file. */
    public String name() {
        return name;
    }

    /** The type of the elements. */
    public TensorType type() {
        return type;
    }

    /** The size in each dimension, outermost first. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long size() {
        return size(shape);
    }

    static long size(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    FormatException failure(String place, String problem, String remedy) {
        return new FormatException(file, name + place, problem, remedy);
    }

    /** Opens the file for reading. */
    public Reader open() {
        try {
            return new Reader(FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw FileStamp.unreadable(file, e);
        }
    }

    /** Reads elements in any order; not for use by several threads. */
    public final class Reader implements AutoCloseable {
        private final FileChannel channel;
        private final ByteBuffer buffer =
                ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

        private Reader(FileChannel channel) {
            this.channel = channel;
        }

        /** Reads {@code count} elements of a real type from {@code start} on. */
        public void read(long start, int count, float[] into) {
            for (int done = 0; done < count; ) {
                int n = fill(start + done, count - done);
                for (int i = 0; i < n; i++) {
                    into[done++] = (float) type.real(buffer);
                }
            }
        }

        /** Reads {@code count} elements of a real type from {@code start} on. */
        public void read(long start, int count, double[] into) {
            for (int done = 0; done < count; ) {
                int n = fill(start + done, count - done);
                for (int i = 0; i < n; i++) {
                    into[done++] = type.real(buffer);
                }
            }
        }

        /** Reads {@code count} elements of a whole type from {@code start} on. */
        public void read(long start, int count, long[] into) {
            for (int done = 0; done < count; ) {
                int n = fill(start + done, count - done);
                for (int i = 0; i < n; i++) {
                    into[done++] = type.whole(buffer);
                }
            }
        }

        private int fill(long start, int wanted) {
            int n = Math.min(wanted, buffer.capacity() / type.bytes());
            buffer.clear().limit(n * type.bytes());
            long position = offset + start * type.bytes();
            try {
                while (buffer.hasRemaining()) {
                    int read = channel.read(buffer, position + buffer.position());
                    if (read < 0) {
                        throw FileStamp.changed(file);
                    }
                }
            } catch (IOException e) {
                throw FileStamp.unreadable(file, e);
            }
            buffer.flip();
            return n;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw FileStamp.unreadable(file, e);
            }
        }
    }
}
