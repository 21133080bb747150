package dev.sot.formats;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * What a file holds after decompression, where it begins as gzip does. Text that is far larger than
 * its compressed form is refused before more of it is read.
 */
final class Gunzip extends FilterInputStream {
    /** Bytes of text for each compressed byte; exports of activations reach a tenth of it. */
    private static final long MAX_RATIO = 300;

    /** Bytes of text that are allowed whatever the ratio. */
    private static final long ALWAYS = 16L << 20;

    private final Counted compressed;
    private final String name;
    private long done;

    private Gunzip(Counted compressed, String name) throws IOException {
        super(new GZIPInputStream(compressed, 1 << 16));
        this.compressed = compressed;
        this.name = name;
    }

    static InputStream of(InputStream in, String name) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        int first = buffered.read();
        int second = buffered.read();
        buffered.reset();
        return first == 0x1f && second == 0x8b ? new Gunzip(new Counted(buffered), name) : buffered;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        done += Math.max(0, n);
        if (done > ALWAYS + MAX_RATIO * compressed.done) {
            throw new FormatException(
                    name,
                    "gzip",
                    "the text is more than " + MAX_RATIO + " times as large as the file",
                    "real exports stay far below; check what wrote it");
        }
        return n;
    }

    /** Counts the compressed bytes. */
    private static final class Counted extends FilterInputStream {
        private long done;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            done += Math.max(0, n);
            return n;
        }
    }
}
