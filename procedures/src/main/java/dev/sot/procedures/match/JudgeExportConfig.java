package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pairs of features are to be judged, and what is said of them.
 *
 * @param run the run whose best matches they are drawn from; empty where pairs are given
 * @param pairs keys of two features each
 * @param sample most pairs that are drawn
 * @param contexts most contexts of a feature
 * @param window tokens of a context
 * @param seed of all that is random
 * @param overwrite whether an existing file is replaced
 * @param effective the configuration with its defaults, without the pairs
 */
record JudgeExportConfig(
        Optional<String> run,
        List<List<String>> pairs,
        int sample,
        int contexts,
        int window,
        long seed,
        boolean overwrite,
        Map<String, Object> effective) {

    private static final String PAIRS = "pairs";

    static JudgeExportConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.match.judge.export", given);
        Optional<String> run = c.optionalString("run");
        List<List<String>> pairs = c.stringLists(PAIRS);
        int sample = c.integer("sample", 200, 1, 1_000_000);
        int contexts = c.integer("contexts", 9, 1, 1_000);
        int window = c.integer("window", 41, 1, 10_000);
        long seed = c.longInteger("seed", 42);
        boolean overwrite = c.bool("overwrite", false);
        Map<String, Object> effective = c.finish();
        effective.remove(PAIRS);
        if (run.isPresent() != pairs.isEmpty()) {
            throw c.problem(PAIRS, "or `run` says which pairs are judged: give one of the two");
        }
        if (pairs.stream().anyMatch(pair -> pair.size() != 2)) {
            throw c.problem(
                    PAIRS, "must be a list of pairs, each a list of the keys of two features");
        }
        return new JudgeExportConfig(
                run, pairs, sample, contexts, window, seed, overwrite, effective);
    }

    /** Tokens of a context before the active one, and at most as many after it. */
    int reach() {
        return window / 2;
    }
}
