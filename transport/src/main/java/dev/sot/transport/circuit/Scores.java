package dev.sot.transport.circuit;

/**
 * The field's two scores of an attribution circuit, both between 0 and 1, higher is better.
 *
 * @param replacement share of the influence of all inputs that comes from tokens rather than from
 *     errors; NaN when neither has any
 * @param completeness share of each node's input that does not come from errors, averaged over
 *     nodes by influence; NaN when there is no logit of positive probability
 */
public record Scores(double replacement, double completeness) {}
