/**
 * Matching features: which one means the same, how sure that is, and what becomes of features from
 * layer to layer.
 */
package dev.sot.transport.match;
