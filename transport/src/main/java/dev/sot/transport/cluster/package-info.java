/** Grouping of items from their pairwise distances, the quality of groupings, and baselines. */
package dev.sot.transport.cluster;
