/** Bounds and approximations of Wasserstein distances, and the energy distance. */
package dev.sot.transport.approximate;
