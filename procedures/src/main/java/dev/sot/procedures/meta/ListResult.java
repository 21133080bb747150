package dev.sot.procedures.meta;

import java.util.Map;
import org.neo4j.procedure.Description;

/** One thing that the database holds for SOT. */
public final class ListResult {

    @Description(
            "model, dictionary, corpus, space, circuit, compression, judgement, or unfinished"
                    + " circuit.")
    public final String type;

    @Description("Its name, slug or id.")
    public final String name;

    @Description("What there is to say of it in short.")
    public final Map<String, Object> details;

    ListResult(String type, String name, Map<String, Object> details) {
        this.type = type;
        this.name = name;
        this.details = details;
    }
}
