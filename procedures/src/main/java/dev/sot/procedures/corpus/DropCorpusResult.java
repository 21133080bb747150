package dev.sot.procedures.corpus;

import org.neo4j.procedure.Description;

/** What was deleted with a corpus. */
public final class DropCorpusResult {

    @Description("Name of the corpus.")
    public final String corpus;

    @Description("Nodes deleted, the corpus itself among them.")
    public final long nodes;

    DropCorpusResult(String corpus, long nodes) {
        this.corpus = corpus;
        this.nodes = nodes;
    }
}
