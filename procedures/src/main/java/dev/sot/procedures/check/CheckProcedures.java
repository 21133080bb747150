package dev.sot.procedures.check;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** What is worth knowing of imported data before it is used. */
public final class CheckProcedures extends SotProcedures {

    @Procedure(name = "sot.check", mode = Mode.READ)
    @Description(
            "Checks imported corpora and dictionaries: dead, rare and dense features, attention"
                    + " sinks, what is missing, and how well dictionaries fit their states. One row"
                    + " a check.")
    public Stream<CheckRow> check(
            @Name(value = "configuration", defaultValue = "{}", description = CheckConfig.KEYS)
                    Map<String, Object> configuration) {
        return new DataCheck(session(), CheckConfig.of("sot.check", configuration)).rows();
    }

    @Procedure(name = "sot.check.features", mode = Mode.READ)
    @Description("The same checks feature by feature.")
    public Stream<FeatureCheckRow> features(
            @Name(value = "configuration", defaultValue = "{}", description = CheckConfig.KEYS)
                    Map<String, Object> configuration) {
        return new DataCheck(session(), CheckConfig.of("sot.check.features", configuration))
                .features();
    }
}
