package dev.sot.procedures.meta;

import org.neo4j.procedure.Description;

/** The plugin's version. */
public final class VersionResult {

    @Description("The version.")
    public final String version;

    VersionResult(String version) {
        this.version = version;
    }
}
