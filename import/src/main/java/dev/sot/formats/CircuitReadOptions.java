package dev.sot.formats;

import java.util.Objects;
import java.util.Optional;

/**
 * How to read a circuit.
 *
 * @param dictionary identity of the dictionary, where the caller knows better than the file
 */
public record CircuitReadOptions(Optional<String> dictionary) {
    /** Takes everything from the file. */
    public static final CircuitReadOptions DEFAULT = new CircuitReadOptions(Optional.empty());

    public CircuitReadOptions {
        Objects.requireNonNull(dictionary, "dictionary");
    }
}
