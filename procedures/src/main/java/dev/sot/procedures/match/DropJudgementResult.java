package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.JudgementStore;
import org.neo4j.procedure.Description;

/** A judgement that is gone. */
public final class DropJudgementResult {

    @Description("Id of the judgement.")
    public final String judgement;

    private DropJudgementResult(String judgement) {
        this.judgement = judgement;
    }

    static DropJudgementResult of(Session session, String judgement) {
        JudgementStore.delete(session.tx(), "sot.match.judge.drop", judgement);
        return new DropJudgementResult(judgement);
    }
}
