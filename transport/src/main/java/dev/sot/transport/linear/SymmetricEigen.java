package dev.sot.transport.linear;

/**
 * Eigenpairs of a symmetric matrix, largest eigenvalue first.
 *
 * @param values the eigenvalues, descending
 * @param vectors orthonormal, {@code vectors[i]} belongs to {@code values[i]}; the entry of largest
 *     magnitude of each is positive
 */
public record SymmetricEigen(double[] values, double[][] vectors) {}
