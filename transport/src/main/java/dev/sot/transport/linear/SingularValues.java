package dev.sot.transport.linear;

/**
 * The thin singular value decomposition {@code M = sum_i values[i] left[i] right[i]'}, without the
 * directions in which M vanishes to rounding.
 *
 * @param values the singular values, positive, descending
 * @param left orthonormal, one a row, as long as M has rows
 * @param right orthonormal, one a row, as long as M has columns; the entry of largest magnitude of
 *     each is positive
 */
public record SingularValues(double[] values, double[][] left, double[][] right) {}
