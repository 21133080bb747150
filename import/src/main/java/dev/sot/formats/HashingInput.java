package dev.sot.formats;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a file, hashed and reported while they are read. */
final class HashingInput extends InputStream {
    private static final long REPORT_EVERY = 1 << 20;

    private final InputStream in;
    private final long total;
    private final ReadListener listener;
    private final MessageDigest digest = sha256();
    private long done;
    private long reported;

    HashingInput(InputStream in, long total, ReadListener listener) {
        this.in = in;
        this.total = total;
        this.listener = listener;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            digest.update(buffer, offset, n);
            done += n;
            if (done - reported >= REPORT_EVERY) {
                report();
            }
        } else if (n < 0 && reported < done) {
            report();
        }
        return n;
    }

    private void report() {
        reported = done;
        listener.bytesRead(done, total);
    }

    /** Reads what is left and returns the SHA-256 of all bytes in hexadecimal digits. */
    String finish() throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (read(buffer, 0, buffer.length) >= 0) {
            // Only the hash matters.
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
