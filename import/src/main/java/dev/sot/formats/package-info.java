/**
 * The files of the field as streams of plain records: attribution circuits (the JSON of
 * circuit-tracer and Neuronpedia), partitions into supernodes, and activation bundles. Nothing here
 * knows a database. Every file is untrusted input: whatever is wrong with one is reported as a
 * {@link dev.sot.formats.FormatException} that names the file, the place, the value and the remedy.
 */
package dev.sot.formats;
