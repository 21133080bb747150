package dev.sot.server;

/** A statement that the database refused or that failed while it ran. */
final class StatementException extends RuntimeException {

    /**
     * @param message starts with the place of the statement where it came from a file
     */
    StatementException(String message, Throwable cause) {
        super(message, cause);
    }
}
