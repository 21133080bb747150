package dev.sot.procedures.match;

import dev.sot.formats.FormatException;
import dev.sot.formats.JudgeFile;
import dev.sot.formats.JudgeFile.Verdict;
import dev.sot.formats.Similarity;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.JudgementStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** Reads what a judge said of the pairs of a judgement, and stores it with its figures. */
final class JudgeImport {

    private final Session session;
    private final Optional<String> judge;

    JudgeImport(Session session, Map<String, Object> given) {
        this.session = session;
        Configuration configuration = new Configuration("sot.match.judge.import", given);
        this.judge = configuration.optionalString("judge");
        configuration.finish();
    }

    JudgeImportResult run(Path file, String name) {
        List<Verdict> verdicts =
                JudgeFile.read(
                        file,
                        name,
                        (done, total) -> {
                            session.monitor().check();
                            session.monitor().progress("reading " + name, done, total);
                        });
        Node judgement = judgement(verdicts.get(0), name);
        boolean[] random = JudgementStore.random(judgement);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < random.length; i++) {
            places.put(JudgeExport.pairId(i), i);
        }
        int[] scores = new int[random.length];
        for (Verdict verdict : verdicts) {
            session.monitor().check();
            Integer place = places.get(verdict.pair());
            if (place == null) {
                throw new FormatException(
                        name,
                        "line " + verdict.line(),
                        "judgement '"
                                + verdict.judgement()
                                + "' has no pair '"
                                + verdict.pair()
                                + "'",
                        "write pairs as the file of prompts names them, 1 to " + random.length);
            }
            scores[place] = verdict.similarity().map(Similarity::score).orElse(0);
        }
        JudgeImportResult result =
                new JudgeImportResult(
                        (String) judgement.getProperty("id"), judge.orElse(null), scores, random);
        JudgementStore.judged(judgement, scores, result.figures());
        return result;
    }

    private Node judgement(Verdict verdict, String name) {
        return JudgementStore.find(session.tx(), verdict.judgement())
                .orElseThrow(
                        () ->
                                new FormatException(
                                        name,
                                        "line " + verdict.line(),
                                        "there is no judgement '" + verdict.judgement() + "'",
                                        "write it as the file of prompts does, or export the pairs"
                                                + " again with CALL sot.match.judge.export"));
    }
}
