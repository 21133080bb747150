package dev.sot.tests;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.neo4j.driver.QueryRunner;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.types.Entity;

/**
 * The documentation says what the software does: examples are run and their results compared,
 * signatures, arguments and results are those of the database.
 *
 * <p>What the database knows stands in the pages under a comment, and {@code
 * -Dsot.docs.update=true} writes it anew:
 *
 * <ul>
 *   <li>{@code <!-- example -->} before a cypher block: the table after it is the result. With
 *       {@code rows N} only the first N rows are shown; with {@code runs} there is no table, for
 *       results that only Browser can show; with {@code commit} the statement commits by itself,
 *       for procedures that use transactions of their own. All other examples of a page run in one
 *       transaction, in order, which is rolled back at the end of the page.
 *   <li>{@code <!-- file: NAME -->} before a block: what it holds is a file of the import directory
 *       while the page's examples run.
 *   <li>{@code <!-- signature: NAME, ... -->} before a block with the signatures.
 *   <li>{@code <!-- arguments: NAME, ... -->} and {@code <!-- results: NAME, ... -->} before a
 *       table, which is the same for all the names.
 *   <li>{@code <!-- configuration: NAME, ... -->} before a table whose first column has the keys of
 *       the configuration map; its other columns are written by hand.
 * </ul>
 */
class DocumentationTest {

    private static final boolean UPDATE = Boolean.getBoolean("sot.docs.update");
    private static final Pattern MARKER =
            Pattern.compile(
                    "<!-- (example|file|signature|arguments|results|configuration)(?:: (.*?))?"
                            + " -->");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
    private static final String UNKNOWN_KEY = "noSuchKey";

    private static SotServer server;
    private static Map<String, Callable> callables;

    /** A procedure or function as the database describes it. */
    private record Callable(
            String name, String signature, List<Map<String, Object>> arguments, Object results) {

        List<Map<String, Object>> columns() {
            return results instanceof List<?> list
                    ? list.stream().map(DocumentationTest::asMap).toList()
                    : List.of();
        }

        boolean hasConfiguration() {
            return arguments.stream().anyMatch(a -> a.get("name").equals("configuration"));
        }
    }

    /** A marked block of a page: lines [begin, end) are what is checked or written anew. */
    private record Block(
            Page page, String kind, String options, List<String> content, int begin, int end) {

        List<String> lines() {
            return page.lines.subList(begin, end);
        }

        String place() {
            return page.name() + ":" + (begin + 1);
        }

        List<String> names() {
            return Arrays.stream(options.split(",")).map(String::strip).toList();
        }
    }

    private static final class Page {
        final Path file;
        final List<String> lines;
        final Map<Block, List<String>> replacements = new LinkedHashMap<>();

        Page(Path file) {
            this.file = file;
            try {
                this.lines = Files.readAllLines(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String name() {
            return Sot.ROOT.relativize(file).toString();
        }

        List<Block> blocks() {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                Matcher marker = MARKER.matcher(lines.get(i));
                if (marker.matches()) {
                    blocks.add(block(marker, i + 1));
                }
            }
            return blocks;
        }

        private Block block(Matcher marker, int next) {
            String kind = marker.group(1);
            String options = marker.group(2) == null ? "" : marker.group(2);
            int at = next;
            List<String> content = List.of();
            if (kind.equals("example")) {
                int end = fenceEnd(at);
                assertThat(lines.get(at)).as(name() + ":" + (at + 1)).isEqualTo("```cypher");
                content = lines.subList(at + 1, end);
                at = end + 1;
                while (at < lines.size() && lines.get(at).isBlank()) {
                    at++;
                }
            }
            int end = at;
            if (kind.equals("file")) {
                end = fenceEnd(at) + 1;
                content = lines.subList(at + 1, end - 1);
            } else if (kind.equals("signature")) {
                end = lines.get(at).startsWith("```") ? fenceEnd(at) + 1 : at;
            } else {
                while (end < lines.size() && lines.get(end).startsWith("|")) {
                    end++;
                }
            }
            return new Block(this, kind, options, List.copyOf(content), at, end);
        }

        private int fenceEnd(int begin) {
            return IntStream.range(begin + 1, lines.size())
                    .filter(i -> lines.get(i).equals("```"))
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError(name() + ":" + begin + ": no end of block"));
        }

        void write() {
            if (replacements.isEmpty()) {
                return;
            }
            List<Block> backwards = new ArrayList<>(replacements.keySet());
            Collections.reverse(backwards);
            for (Block block : backwards) {
                List<String> replaced = lines.subList(block.begin(), block.end());
                List<String> fresh = new ArrayList<>(replacements.get(block));
                if (block.end() < lines.size() && !lines.get(block.end()).isBlank()) {
                    fresh.add("");
                }
                replaced.clear();
                lines.addAll(block.begin(), fresh);
            }
            try {
                Files.writeString(file, String.join("\n", lines) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void start() {
        server = SotServer.demo();
        callables = new TreeMap<>();
        for (String type : List.of("PROCEDURES", "FUNCTIONS")) {
            run("SHOW "
                            + type
                            + " YIELD name, signature, argumentDescription,"
                            + " returnDescription WHERE name STARTS WITH 'sot.'")
                    .forEach(
                            row ->
                                    callables.put(
                                            row.get("name").asString(),
                                            new Callable(
                                                    row.get("name").asString(),
                                                    row.get("signature").asString(),
                                                    row.get("argumentDescription")
                                                            .asList(v -> asMap(v.asObject())),
                                                    row.get("returnDescription").asObject())));
        }
    }

    @TestFactory
    Stream<DynamicTest> examplesGiveTheResultsThatTheyShow() {
        return pages().stream()
                .filter(page -> page.blocks().stream().anyMatch(b -> b.kind().equals("example")))
                .map(page -> DynamicTest.dynamicTest(page.name(), () -> runExamples(page)));
    }

    private static void runExamples(Page page) throws IOException {
        SoftAssertions softly = new SoftAssertions();
        List<Path> files = new ArrayList<>();
        for (Block block : page.blocks()) {
            if (block.kind().equals("file")) {
                files.add(writeFile(block));
            }
        }
        try (Session session = server.driver().session();
                Transaction tx = session.beginTransaction()) {
            for (Block block : page.blocks()) {
                if (!block.kind().equals("example")) {
                    continue;
                }
                boolean commits = block.options().contains("commit");
                List<List<Object>> rows = new ArrayList<>();
                try (Session own = server.driver().session()) {
                    QueryRunner runner = commits ? own : tx;
                    List<String> columns = new ArrayList<>();
                    for (Record row : execute(runner, block, columns)) {
                        rows.add(row.values().stream().map(Value::asObject).toList());
                    }
                    compare(block, columns, rows, softly);
                }
            }
            tx.rollback();
        } finally {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        if (UPDATE) {
            page.write();
        }
        softly.assertAll();
    }

    private static Path writeFile(Block block) throws IOException {
        Path file = server.importDirectory().resolve(block.options());
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", block.content()) + "\n");
    }

    private static List<Record> execute(QueryRunner runner, Block block, List<String> columns) {
        try {
            var result = runner.run(String.join("\n", block.content()));
            columns.addAll(result.keys());
            return result.list();
        } catch (Neo4jException e) {
            throw new AssertionError(block.place() + ": " + e.getMessage(), e);
        }
    }

    private static void compare(
            Block block, List<String> columns, List<List<Object>> rows, SoftAssertions softly) {
        if (block.options().equals("runs")) {
            softly.assertThat(rows).as(block.place()).isNotEmpty();
            return;
        }
        List<List<Object>> shown = rows;
        Matcher limit = Pattern.compile("rows (\\d+)").matcher(block.options());
        if (limit.find()) {
            shown = rows.subList(0, Math.min(rows.size(), Integer.parseInt(limit.group(1))));
        }
        List<String> table = new ArrayList<>(List.of(line(columns), rule(columns.size())));
        shown.forEach(
                row -> table.add(line(row.stream().map(DocumentationTest::rendered).toList())));
        if (UPDATE) {
            block.page().replacements.put(block, table);
            return;
        }
        List<String> documented = block.lines();
        softly.assertThat(documented).as(block.place() + ": rows").hasSameSizeAs(table);
        if (documented.size() != table.size()) {
            return;
        }
        softly.assertThat(cells(documented.get(0))).as(block.place()).isEqualTo(columns);
        for (int row = 0; row < shown.size(); row++) {
            List<String> cells = cells(documented.get(row + 2));
            softly.assertThat(cells).as(block.place()).hasSize(columns.size());
            for (int column = 0; column < Math.min(cells.size(), columns.size()); column++) {
                Object actual = shown.get(row).get(column);
                if (!agrees(cells.get(column), actual)) {
                    softly.fail(
                            "%s: row %d, `%s`: the page says %s, the result is %s",
                            block.place(),
                            row + 1,
                            columns.get(column),
                            cells.get(column),
                            exact(actual));
                }
            }
        }
    }

    /** Whether a value is what a cell shows: texts to the letter, numbers to the digits shown. */
    private static boolean agrees(String cell, Object actual) {
        if (actual instanceof String || actual == null) {
            return cell.equals(rendered(actual));
        }
        String text = exact(actual);
        if (!NUMBER.matcher(cell).replaceAll("#").equals(NUMBER.matcher(text).replaceAll("#"))) {
            return false;
        }
        List<BigDecimal> expected = numbers(cell);
        List<BigDecimal> found = numbers(text);
        return IntStream.range(0, expected.size())
                .allMatch(
                        i -> {
                            BigDecimal e = expected.get(i);
                            BigDecimal half = BigDecimal.ONE.movePointLeft(e.scale());
                            BigDecimal tolerance =
                                    half.multiply(new BigDecimal("0.5"))
                                            .add(e.abs().multiply(new BigDecimal("1e-6")));
                            return e.subtract(found.get(i)).abs().compareTo(tolerance) <= 0;
                        });
    }

    private static List<BigDecimal> numbers(String text) {
        return NUMBER.matcher(text).results().map(m -> new BigDecimal(m.group())).toList();
    }

    /** As a page shows it: six significant digits of a floating-point number. */
    private static String rendered(Object value) {
        return rendered(value, 6);
    }

    private static String exact(Object value) {
        return rendered(value, 17);
    }

    private static String rendered(Object value, int digits) {
        if (value instanceof String text) {
            return text.replace("|", "\\|").replace("\n", "<br>");
        }
        return nested(value, digits);
    }

    private static String nested(Object value, int digits) {
        if (value instanceof Double number) {
            return number.isInfinite() || number.isNaN() || number == Math.rint(number)
                    ? number.toString()
                    : new BigDecimal(number)
                            .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                            .stripTrailingZeros()
                            .toPlainString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(v -> nested(v, digits)).collect(joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return new TreeMap<>(asMap(map))
                    .entrySet().stream()
                            .map(e -> e.getKey() + ": " + nested(e.getValue(), digits))
                            .collect(joining(", ", "{", "}"));
        }
        if (value instanceof Entity) {
            throw new AssertionError(
                    "return properties: a node or relationship has no stable text");
        }
        return value instanceof String text
                ? "'" + text.replace("|", "\\|") + "'"
                : String.valueOf(value);
    }

    @Test
    void everyProcedureAndFunctionIsDescribedAsItIs() {
        SoftAssertions softly = new SoftAssertions();
        Map<String, TreeSet<String>> documented = new TreeMap<>();
        for (Page page : pages()) {
            for (Block block : page.blocks()) {
                if (List.of("example", "file").contains(block.kind())) {
                    continue;
                }
                documented
                        .computeIfAbsent(block.kind(), k -> new TreeSet<>())
                        .addAll(block.names());
                List<Callable> described = new ArrayList<>();
                for (String name : block.names()) {
                    if (callables.containsKey(name)) {
                        described.add(callables.get(name));
                    } else {
                        softly.fail("%s: there is no %s", block.place(), name);
                    }
                }
                if (block.kind().equals("configuration")) {
                    described.forEach(c -> compareKeys(block, c, softly));
                } else {
                    described.forEach(c -> compareDescription(block, c, softly));
                }
            }
            if (UPDATE) {
                page.write();
            }
        }
        softly.assertThat(documented.get("signature")).isEqualTo(names(c -> true));
        softly.assertThat(documented.get("arguments"))
                .isEqualTo(names(c -> !c.arguments().isEmpty()));
        softly.assertThat(documented.get("results")).isEqualTo(names(c -> !c.columns().isEmpty()));
        softly.assertThat(documented.get("configuration"))
                .isEqualTo(names(Callable::hasConfiguration));
        softly.assertAll();
    }

    private static TreeSet<String> names(Predicate<Callable> wanted) {
        TreeSet<String> names = new TreeSet<>();
        callables.values().stream().filter(wanted).map(Callable::name).forEach(names::add);
        return names;
    }

    private static void compareDescription(Block block, Callable callable, SoftAssertions softly) {
        List<String> expected =
                switch (block.kind()) {
                    case "signature" -> {
                        List<String> lines = new ArrayList<>(List.of("```text"));
                        block.names().stream()
                                .filter(callables::containsKey)
                                .forEach(name -> lines.add(callables.get(name).signature()));
                        lines.add("```");
                        yield lines;
                    }
                    case "arguments" ->
                            table(List.of("Argument", "Type", "Meaning"), callable.arguments());
                    default -> table(List.of("Column", "Type", "Meaning"), callable.columns());
                };
        if (UPDATE) {
            block.page().replacements.put(block, expected);
        } else {
            softly.assertThat(block.lines())
                    .as(block.place() + ": " + block.kind() + " of " + callable.name())
                    .isEqualTo(expected);
        }
    }

    private static List<String> table(List<String> head, List<Map<String, Object>> fields) {
        List<String> table = new ArrayList<>(List.of(line(head), rule(head.size())));
        for (Map<String, Object> field : fields) {
            table.add(
                    line(
                            List.of(
                                    "`" + field.get("name") + "`",
                                    (String) field.get("type"),
                                    ((String) field.get("description")).replace("|", "\\|"))));
        }
        return table;
    }

    /** The keys that a procedure takes are those that it lists when it is given another. */
    private static void compareKeys(Block block, Callable callable, SoftAssertions softly) {
        TreeSet<String> documented = new TreeSet<>();
        for (String line : block.lines().subList(2, block.lines().size())) {
            documented.add(cells(line).get(0).replace("`", ""));
        }
        String arguments =
                callable.arguments().stream()
                        .map(
                                a ->
                                        switch ((String) a.get("type")) {
                                            case "MAP" -> "{" + UNKNOWN_KEY + ": 1}";
                                            case "ANY" -> "f";
                                            default -> "'none'";
                                        })
                        .collect(joining(", ", callable.name() + "(", ")"));
        String call =
                callable.columns().isEmpty()
                        ? "RETURN " + arguments
                        : "CALL "
                                + arguments
                                + " YIELD "
                                + callable.columns().get(0).get("name")
                                + " AS ignored RETURN ignored";
        softly.assertThatThrownBy(() -> run("MATCH (f:Feature) WITH f LIMIT 1 " + call))
                .as(block.place() + ": keys of " + callable.name())
                .hasMessageContaining(
                        documented.isEmpty()
                                ? "it takes no configuration"
                                : "allowed are " + documented);
    }

    @TestFactory
    Stream<DynamicTest> shippedCypherFilesRun() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(Sot.ROOT.resolve("cypher"))) {
            // Those in cypher/compress need more than the demonstration: WorkedQueriesTest.
            files =
                    tree.filter(f -> f.toString().endsWith(".cypher"))
                            .filter(f -> !f.startsWith(Sot.ROOT.resolve("cypher/compress")))
                            .sorted()
                            .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        Sot.ROOT.relativize(file).toString(),
                                        () -> {
                                            for (String statement : statements(file)) {
                                                run(statement);
                                            }
                                        }));
    }

    private static List<String> statements(Path file) throws IOException {
        String text =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("//"))
                        .collect(joining("\n"));
        return Arrays.stream(text.split(";\\s*(?:\\n|$)"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    @Test
    void linksBetweenPagesLeadSomewhere() {
        SoftAssertions softly = new SoftAssertions();
        Pattern link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
        for (Page page : pages()) {
            link.matcher(String.join("\n", page.lines))
                    .results()
                    .forEach(
                            m ->
                                    softly.assertThat(page.file.resolveSibling(m.group(1)))
                                            .as(page.name())
                                            .exists());
        }
        softly.assertAll();
    }

    @Test
    void aWrongDigitInAnExampleIsNoticed() {
        assertThat(agrees("0.123", 0.1234)).isTrue();
        assertThat(agrees("0.124", 0.1234)).isFalse();
        assertThat(agrees("[1, 2]", List.of(1L, 3L))).isFalse();
        assertThat(agrees("a 1", "a 2")).isFalse();
    }

    private static List<Record> run(String cypher) {
        try (Session session = server.driver().session()) {
            return session.run(cypher, Map.of("compression", "demo")).list();
        }
    }

    private static List<Page> pages() {
        List<Page> pages = new ArrayList<>(List.of(new Page(Sot.ROOT.resolve("README.md"))));
        try (Stream<Path> tree = Files.walk(Sot.ROOT.resolve("docs"))) {
            tree.filter(f -> f.toString().endsWith(".md"))
                    .sorted()
                    .map(Page::new)
                    .forEach(pages::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(joining(" | ", "| ", " |"));
    }

    private static String rule(int columns) {
        return "|" + "---|".repeat(columns);
    }

    private static List<String> cells(String line) {
        String inner = line.strip().substring(1, line.strip().length() - 1);
        return Arrays.stream(inner.split("(?<!\\\\)\\|", -1)).map(String::strip).toList();
    }

    private static Map<String, Object> asMap(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((k, v) -> map.put((String) k, v));
        return map;
    }
}
