package dev.sot.procedures.meta;

import java.util.List;
import org.neo4j.procedure.Description;

/** The plugin's version and its backends. */
public final class VersionResult {

    @Description("The version.")
    public final String version;

    @Description(
            "What can do large dense linear algebra on this server: java, and nd4j where its jar is"
                    + " installed.")
    public final List<String> backends;

    VersionResult(String version, List<String> backends) {
        this.version = version;
        this.backends = backends;
    }
}
