package dev.sot.procedures.match;

import org.neo4j.procedure.Description;

/** What was deleted with a run of matches. */
public final class DropMatchResult {

    @Description("Id of the run.")
    public final String run;

    @Description("Matches deleted.")
    public final long matches;

    DropMatchResult(String run, long matches) {
        this.run = run;
        this.matches = matches;
    }
}
