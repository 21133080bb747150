package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Matches judged outside the database. */
class JudgeTest {

    /** Feature i of layer 1 with feature i of layer 2, and one feature that never fires. */
    private static final String PAIRS =
            "[i IN range(0, 7) | ['model/dictionary/1/' + i, 'model/dictionary/2/' + i]] +"
                    + " [['model/dictionary/0/0', 'model/dictionary/2/0']]";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importBundle() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.activations('bundle')");
        database.rows(
                "MERGE (f:Feature {key: 'model/dictionary/0/0'}) ON CREATE SET f.dictionary ="
                        + " 'model/dictionary', f.layer = 0, f.index = 0");
    }

    private static Map<String, Object> export(String file, String further) {
        return database.row(
                "CALL sot.match.judge.export($file, {overwrite: true, pairs: "
                        + PAIRS
                        + further
                        + "})",
                "file",
                file);
    }

    private static List<JsonNode> lines(String file) {
        try {
            return Files.readAllLines(database.importDirectory().resolve(file)).stream()
                    .map(CircuitJson::parse)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode line, String side) {
        String prompt = line.get("prompt").asText();
        JsonNode data =
                CircuitJson.parse(
                        prompt.substring(
                                prompt.lastIndexOf("<data>") + 6, prompt.lastIndexOf("</data>")));
        return StreamSupport.stream(data.get(side).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Map<String, Object> key(Object judgement) {
        return database.row(
                "MATCH (j:Judgement {id: $id}) RETURN j.sources AS sources, j.targets AS targets,"
                        + " j.random AS random",
                "id",
                judgement);
    }

    private static String verdict(Object judgement, int pair, String verdict) {
        return "{\"judgement\":\"%s\",\"pair\":\"%d\",\"verdict\":%s}%n"
                .formatted(judgement, pair, verdict);
    }

    @Test
    void matchedAndRandomPairsAreWrittenWithoutSayingWhichIsWhich() {
        Map<String, Object> exported = export("pairs.jsonl", ", contexts: 3, window: 5");
        assertThat(exported)
                .containsEntry("pairs", 8L)
                .containsEntry("randomPairs", 8L)
                .containsEntry("candidates", 9L)
                .containsEntry("withoutContexts", 1L);
        List<JsonNode> lines = lines("pairs.jsonl");
        assertThat(lines).hasSize(16);
        Map<String, Object> key = key(exported.get("judgement"));
        boolean[] random = (boolean[]) key.get("random");
        String[] sources = (String[]) key.get("sources");
        String[] targets = (String[]) key.get("targets");
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            List<String> fields = new ArrayList<>();
            line.fieldNames().forEachRemaining(fields::add);
            assertThat(fields).containsExactly("format", "judgement", "pair", "prompt");
            assertThat(line.get("format").asText()).isEqualTo("sot-judge/1");
            assertThat(line.get("pair").asText()).isEqualTo(Integer.toString(i + 1));
            assertThat(line.toString()).doesNotContain("dictionary");
            for (String side : List.of("A", "B")) {
                assertThat(texts(line, side))
                        .hasSizeBetween(1, 3)
                        .allMatch(t -> t.matches("(t\\d){0,2}\\[t\\d](t\\d){0,2}"));
            }
            boolean given = sources[i].replace("/1/", "/").equals(targets[i].replace("/2/", "/"));
            assertThat(given).isEqualTo(!random[i]);
            assertThat(pairs.add(sources[i] + targets[i])).isTrue();
        }
        assertThat(IntStream.range(0, 8).filter(i -> random[i]).count()).isBetween(1L, 7L);
    }

    @Test
    void theActiveTokenIsMarked() {
        Map<String, Object> exported = export("marked.jsonl", ", window: 1");
        String[] sources = (String[]) key(exported.get("judgement")).get("sources");
        List<JsonNode> lines = lines("marked.jsonl");
        for (int i = 0; i < lines.size(); i++) {
            List<String> tokens =
                    database.<List<String>>value(
                            "MATCH (:Feature {key: $key})-[:HAS_ACTIVATIONS]->(a) UNWIND"
                                + " a.positions AS p MATCH (t:TokenPosition {key: 'model/' + p})"
                                + " WHERE t.position > 0 RETURN collect(DISTINCT '[' + t.token +"
                                + " ']')",
                            "key",
                            sources[i]);
            assertThat(texts(lines.get(i), "A")).isNotEmpty().isSubsetOf(tokens);
        }
    }

    @Test
    void theSameSeedAsksTheSame() throws IOException {
        Object one = export("one.jsonl", ", seed: 1").get("judgement");
        assertThat(export("same.jsonl", ", seed: 1")).containsEntry("judgement", one);
        assertThat(Files.readString(database.importDirectory().resolve("same.jsonl")))
                .isEqualTo(Files.readString(database.importDirectory().resolve("one.jsonl")));
        assertThat(export("other.jsonl", ", seed: 2").get("judgement")).isNotEqualTo(one);
        assertThat(export("few.jsonl", ", sample: 3"))
                .containsEntry("pairs", 3L)
                .containsEntry("randomPairs", 3L);
    }

    @Test
    void verdictsAreHeldAgainstThoseOnRandomPairs() {
        Object judgement = export("asked.jsonl", ", seed: 3").get("judgement");
        boolean[] random = (boolean[]) key(judgement).get("random");
        StringBuilder answers = new StringBuilder();
        int matched = 0;
        int byChance = 0;
        for (int i = 0; i < random.length; i++) {
            int place = random[i] ? byChance++ : matched++;
            if (!random[i] && place == 0) {
                continue;
            }
            String said =
                    random[i]
                            ? place < 6 ? "\"DIFFERENT\"" : place < 7 ? "\"maybe\"" : "null"
                            : place < 5 ? "\"SIMILAR\"" : "\"MAYBE\"";
            answers.append(verdict(judgement, i + 1, said));
        }
        database.write("verdicts.jsonl", answers.toString());
        Map<String, Object> read =
                database.row("CALL sot.match.judge.import('verdicts.jsonl', {judge: 'a person'})");
        assertThat(read)
                .containsEntry("judgement", judgement)
                .containsEntry("judge", "a person")
                .containsEntry("verdicts", 7L)
                .containsEntry("missing", 1L)
                .containsEntry("similar", 4L)
                .containsEntry("maybe", 3L)
                .containsEntry("different", 0L)
                .containsEntry("randomVerdicts", 7L)
                .containsEntry("randomMissing", 1L);
        assertThat((Double) read.get("mean")).isCloseTo(18.0 / 7, within(1e-12));
        assertThat((Double) read.get("randomMean")).isCloseTo(8.0 / 7, within(1e-12));
        assertThat((Double) read.get("difference")).isCloseTo(10.0 / 7, within(1e-12));
        double error = Math.sqrt(12.0 / 7 / 6 / 7);
        assertThat((Double) read.get("upper")).isCloseTo(18.0 / 7 + 1.959964 * error, within(1e-6));
        assertThat((Double) read.get("differenceLower")).isLessThan(10.0 / 7);
        assertThat(
                        database.row(
                                "MATCH (j:Judgement {id: $id}) RETURN j.judgeMean AS mean, j.judge"
                                        + " AS judge, size(j.scores) AS scores",
                                "id",
                                judgement))
                .containsEntry("mean", read.get("mean"))
                .containsEntry("judge", "a person")
                .containsEntry("scores", 16L);
        assertThat(
                        database.rows(
                                "CALL sot.list() YIELD type, name WHERE type = 'judgement' AND name"
                                        + " = $id RETURN name",
                                "id",
                                judgement))
                .hasSize(1);
        Object other = export("other.jsonl", ", seed: 5").get("judgement");
        database.row("CALL sot.match.judge.drop($id)", "id", judgement);
        database.failure("CALL sot.match.judge.drop($id)", "id", judgement)
                .contains("there is no judgement '" + judgement + "'; the database holds ")
                .contains("'" + other + "'");
    }

    @Test
    void theBestMatchesOfARunAreJudged() {
        database.row("CALL sot.space.fit({dimension: 4})");
        database.row(
                "CALL sot.match.write({run: 'judged', k: 2, dictionary: 'model/dictionary', layers:"
                        + " [1], targets: {dictionary: 'model/dictionary', layers: [2]}})");
        Map<String, Object> exported =
                database.row("CALL sot.match.judge.export('run.jsonl', {run: 'judged'})");
        assertThat(exported).containsEntry("pairs", 8L).containsEntry("candidates", 8L);
        Object judgement = exported.get("judgement");
        assertThat(
                        database.<Long>value(
                                "MATCH (j:Judgement {id: $id})-[:JUDGES]->(:MatchRun {id:"
                                    + " 'judged'}) UNWIND range(0, size(j.sources) - 1) AS i MATCH"
                                    + " (:Feature {key: j.sources[i]})-[m:MATCHES {run: 'judged',"
                                    + " rank: 1}]->(:Feature {key: j.targets[i]}) WHERE NOT"
                                    + " j.random[i] RETURN count(*)",
                                "id",
                                judgement))
                .isEqualTo(8);
        database.write(
                "verdicts.jsonl",
                IntStream.rangeClosed(1, 3)
                        .mapToObj(i -> verdict(judgement, i, "\"MAYBE\""))
                        .reduce("", String::concat));
        database.row("CALL sot.match.judge.import('verdicts.jsonl')");
        assertThat(
                        database.<Double>value(
                                "MATCH (r:MatchRun {id: 'judged'}) RETURN"
                                        + " coalesce(r.judgeMean, r.judgeRandomMean)"))
                .isEqualTo(2);
        database.failure("CALL sot.match.judge.export('x.jsonl', {run: 'none'})")
                .contains("there is no match run 'none'");
    }

    @Test
    void filesThatAreNotVerdictsChangeNothing() {
        Object judgement = export("bad.jsonl", ", seed: 4").get("judgement");
        String good = verdict(judgement, 1, "\"SIMILAR\"");
        refused(good + good.substring(0, 20), "line 2", "the file ends in the middle");
        refused(good + verdict(judgement, 2, "3"), "line 2", "found 3 where a text belongs");
        refused(good + verdict(judgement, 2, "\"ALIKE\""), "line 2", "ALIKE", "SIMILAR");
        refused(good + verdict(judgement, 17, "\"MAYBE\""), "line 2", "no pair '17'", "1 to 16");
        refused(good + good, "line 2", "1 has a verdict already, the 1. in the file");
        refused(verdict("none", 1, "\"MAYBE\""), "line 1", "there is no judgement 'none'");
        refused(good + verdict("other", 2, "\"MAYBE\""), "line 2", "file of their own");
        refused(good.replace("\"verdict\":\"SIMILAR\"", "\"said\":1"), "verdict", "missing");
        refused("[]", "line 1", "an object");
        refused("\n", "it holds no verdicts");
        database.failure("CALL sot.match.judge.import('bad.jsonl')")
                .contains("this is a prompt, not an answer");
        database.failure("CALL sot.match.judge.import('../bad.jsonl')").contains("'../bad.jsonl'");
        database.failure("CALL sot.match.judge.import('verdicts.jsonl', {jugde: 'me'})")
                .contains("did you mean `judge`?");
    }

    private static void refused(String text, String... messages) {
        database.write("verdicts.jsonl", text);
        List<Map<String, Object>> contents = database.contents();
        for (String message : messages) {
            database.failure("CALL sot.match.judge.import('verdicts.jsonl')").contains(message);
        }
        assertThat(database.contents()).isEqualTo(contents);
    }

    @Test
    void pairsThatAreNoneAreRefused() {
        for (String pairs : List.of("[]", "[['model/dictionary/1/0']]", "['a', 'b']")) {
            database.failure("CALL sot.match.judge.export('x.jsonl', {pairs: " + pairs + "})")
                    .contains("`pairs`");
        }
        database.failure("CALL sot.match.judge.export('x.jsonl')").contains("`pairs`");
        database.failure(
                        "CALL sot.match.judge.export('x.jsonl', {pairs: [['model/dictionary/1/0',"
                                + " 'model/dictionary/1/99']]})")
                .contains("there is no feature 'model/dictionary/1/99'");
        database.failure(
                        "CALL sot.match.judge.export('x.jsonl', {pairs: [['model/dictionary/0/0',"
                                + " 'model/dictionary/2/0']]})")
                .contains("nothing to judge: of 1 pairs given, 1 have");
        export("there.jsonl", "");
        database.failure("CALL sot.match.judge.export('there.jsonl', {pairs: " + PAIRS + "})")
                .contains("overwrite");
        assertThat(database.importDirectory().resolve("x.jsonl")).doesNotExist();
    }
}
