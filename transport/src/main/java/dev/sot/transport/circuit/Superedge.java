package dev.sot.transport.circuit;

/**
 * All links from the members of one supernode to the members of another.
 *
 * @param source group of the links' sources
 * @param target group of the links' targets
 * @param weight sum of the links' weights
 * @param normalizedWeight signed share of the target's input from outside the target that these
 *     links carry, see {@link Quotient}
 * @param positive sum of the positive weights
 * @param negative sum of the negative weights, {@code <= 0}
 * @param absolute sum of the absolute weights, {@code positive - negative}
 * @param links number of links, those of weight 0 included
 */
public record Superedge(
        int source,
        int target,
        double weight,
        double normalizedWeight,
        double positive,
        double negative,
        double absolute,
        int links) {

    /** Absolute weight that cancels because signs differ: absolute - |weight|. */
    public double cancelled() {
        return absolute - Math.abs(weight);
    }
}
