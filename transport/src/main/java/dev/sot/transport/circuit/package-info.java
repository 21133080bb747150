/**
 * Arithmetic of attribution circuits: influence and scores, pinned subgraphs, supernode quotients.
 */
package dev.sot.transport.circuit;
