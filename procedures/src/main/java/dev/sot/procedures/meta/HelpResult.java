package dev.sot.procedures.meta;

import org.neo4j.procedure.Description;

/** One procedure or function. */
public final class HelpResult {

    @Description("procedure or function.")
    public final String type;

    @Description("Its name.")
    public final String name;

    @Description("What it does.")
    public final String description;

    @Description("Its arguments and columns.")
    public final String signature;

    HelpResult(String type, String name, String description, String signature) {
        this.type = type;
        this.name = name;
        this.description = description;
        this.signature = signature;
    }
}
