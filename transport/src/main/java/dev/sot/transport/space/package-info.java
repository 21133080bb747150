/**
 * What reference spaces are made of beside their principal components: maps from one layer to
 * another, the logit lens, and how well they do on positions that they were not fitted on.
 */
package dev.sot.transport.space;
