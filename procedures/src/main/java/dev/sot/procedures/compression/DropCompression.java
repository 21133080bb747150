package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;

/** Deletes a compression that is named: never the only one by default. */
final class DropCompression {

    private final Session session;

    DropCompression(Session session) {
        this.session = session;
    }

    DropCompressionResult run(String id) {
        if (id == null || id.isBlank()) {
            throw new ConfigurationException("sot.compress.drop: name the compression to delete");
        }
        return new DropCompressionResult(
                id, CompressionStore.delete(session, CompressionStore.require(session.tx(), id)));
    }
}
