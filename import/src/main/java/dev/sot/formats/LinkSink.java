package dev.sot.formats;

/** Takes the links of a circuit, in the order of the file. */
@FunctionalInterface
public interface LinkSink {
    /**
     * @param sourceIndex index into {@link CircuitDocument#nodes()} of the node the attribution
     *     comes from
     * @param targetIndex index of the node it goes to
     * @param weight signed attribution, finite
     * @param extra further fields of the link as the JSON text of an object, or null when there are
     *     none
     */
    void link(int sourceIndex, int targetIndex, double weight, String extra);
}
