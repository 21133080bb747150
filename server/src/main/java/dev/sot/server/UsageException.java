package dev.sot.server;

/**
 * Something that the person at the terminal can put right: an argument, a file, a port, the plugin
 * that was not built. The launcher prints the message alone, as one line, and exits with {@link
 * Main#USAGE}.
 */
public final class UsageException extends RuntimeException {

    /**
     * @param message one line that names what is wrong, the value, and the remedy
     */
    public UsageException(String message) {
        super(message);
    }

    /**
     * @param message one line that names what is wrong, the value, and the remedy
     * @param cause shown with {@code --debug} only
     */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
