package dev.sot.transport;

/** How the support of a feature's distribution came about. */
public enum SupportMethod {
    /** Every position on which the feature fires, with its exact share. */
    ALL,
    /** A systematic sample of them; {@link SupportSampler}. */
    SAMPLED,
    /** Positions that each stand for a cell of firings; {@link SupportQuantizer}. */
    QUANTIZED,
    /** One position for each different point, with the shares of all firings there; exact. */
    MERGED
}
