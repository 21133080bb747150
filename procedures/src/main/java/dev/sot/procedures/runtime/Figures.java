package dev.sot.procedures.runtime;

/** Figures as Cypher sees them. */
public final class Figures {

    private Figures() {}

    /** Null in place of NaN, which the mathematics returns for what is not defined. */
    public static Double present(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
