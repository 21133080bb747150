package dev.sot.server;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What an embedded server is started with.
 *
 * @param data directory of the database, created when missing
 * @param importDirectory the only directory that imports and exports may touch; null for {@code
 *     import} inside the data directory
 * @param connectors null for a database that listens to nothing
 */
record ServerOptions(Path data, Path importDirectory, Connectors connectors) {

    /**
     * Addresses that a server listens at.
     *
     * @param address address of the interface to bind to
     * @param http port of Browser and of the HTTP API, 0 for any free one, {@link #NONE} for no web
     *     server
     * @param bolt port of Bolt, 0 for any free one
     * @param password of the user neo4j; null for a server that asks for none
     */
    record Connectors(String address, int http, int bolt, String password) {
        static final int NONE = -1;
        static final String LOOPBACK = "127.0.0.1";

        Connectors {
            Objects.requireNonNull(address, "address");
        }
    }

    ServerOptions {
        data = data.toAbsolutePath().normalize();
        importDirectory =
                importDirectory == null
                        ? data.resolve("import")
                        : importDirectory.toAbsolutePath().normalize();
    }
}
