/**
 * Benchmarks of the transport library, started with {@code ./sot bench}. They need the mathematics
 * on the class path, where a server must not have it: the launcher script puts the plugin's jar
 * there for this command alone.
 */
package dev.sot.server.bench;
