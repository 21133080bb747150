package dev.sot.transport.circuit;

/**
 * Influence of each node on the logits.
 *
 * @param values influence by node, all {@code >= 0}; a node's own logit probability is not part of
 *     it
 * @param acyclic whether the circuit has no cycle of links of non-zero weight, so that the values
 *     are exact; otherwise the series was summed until its terms vanished
 * @param iterations terms summed; 0 when acyclic
 */
public record Influence(double[] values, boolean acyclic, int iterations) {}
