package dev.sot.procedures.compare;

import dev.sot.procedures.config.Configuration;
import java.util.Map;

/**
 * Which nodes two compressions are compared over.
 *
 * @param all all nodes; else those of features only, which are what is grouped
 * @param effective the configuration with its defaults
 */
record CompareConfig(boolean all, Map<String, Object> effective) {

    static CompareConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        boolean all = c.oneOf("nodes", "feature", "feature", "all").equals("all");
        return new CompareConfig(all, c.finish());
    }
}
