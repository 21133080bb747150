package dev.sot.server;

import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param results what the command was asked for: rows, tables, addresses
 * @param messages progress and errors
 */
public record Console(PrintStream results, PrintStream messages) {

    /** System property by which the launcher says that standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "sot.terminal";

    /** Whether a status line on {@link #messages} can be overwritten. */
    boolean isTerminal() {
        return Boolean.getBoolean(TERMINAL_PROPERTY);
    }
}
