/** Exact nearest neighbours among distributions, found without comparing all pairs exactly. */
package dev.sot.transport.search;
