package dev.sot.formats;

import java.util.Objects;

/**
 * One link of a circuit to be written.
 *
 * @param source id of the node the attribution comes from
 * @param target id of the node it goes to
 * @param weight signed attribution, finite
 * @param extra further fields as the JSON text of an object, or null
 */
public record LinkRecord(String source, String target, double weight, String extra) {
    public LinkRecord {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
    }
}
