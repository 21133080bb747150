package dev.sot.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.neo4j.driver.Driver;
import org.neo4j.driver.QueryConfig;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.Neo4jException;

/**
 * The demonstration: the calls that a newcomer would make, one after the other over Bolt, from the
 * files in the import directory to a table of supernodes.
 */
final class Demo {
    private static final String CIRCUIT = "add-457-368-hundreds";

    private static final String COMMENT = "//";

    /** What the running calls report of themselves, the own query excepted. */
    private static final String STATUS =
            "SHOW TRANSACTIONS YIELD currentQuery, statusDetails WHERE currentQuery STARTS WITH"
                    + " 'CALL sot.' AND statusDetails <> '' RETURN statusDetails";

    private final Console console;
    private final Driver driver;
    private final Path queries;

    /**
     * @param queries directory of the demonstration's Cypher files
     */
    Demo(Console console, Driver driver, Path queries) {
        this.console = console;
        this.driver = driver;
        this.queries = queries;
    }

    /**
     * Runs every step and prints what came out.
     *
     * @throws StatementException if a step fails
     */
    void run() {
        call("Create the schema", "CALL sot.schema.create()", Map.of());
        List<Record> circuits =
                call("Import circuits", "CALL sot.import.circuits('circuits', {})", Map.of());
        say(
                "Imported %d circuits, %d nodes, %d links.",
                circuits.size(), sum(circuits, "nodes"), sum(circuits, "links"));
        Record corpus =
                one(
                        call(
                                "Import activations",
                                "CALL sot.import.activations('bundle', {})",
                                Map.of()));
        say(
                "Imported %d firings of %d features at %d positions of %d prompts.",
                corpus.get("firings").asLong(),
                corpus.get("features").asLong(),
                corpus.get("positions").asLong(),
                corpus.get("prompts").asLong());
        Record space = one(call("Fit the reference space", "CALL sot.space.fit({})", Map.of()));
        say(
                "Fitted a reference space of %d dimensions to layer %d (%.1f %% of the variance).",
                space.get("dimension").asLong(),
                space.get("layer").asLong(),
                100 * space.get("explainedVariance").asDouble());
        Record distributions =
                one(call("Build distributions", "CALL sot.distributions.write({})", Map.of()));
        say(
                "Built distributions of %d features; %d never fire.",
                distributions.get("distributions").asLong(),
                distributions.get("silentFeatures").asLong());
        Record compression =
                one(
                        call(
                                "Compress " + CIRCUIT,
                                "CALL sot.compress($circuit, {})",
                                Map.of("circuit", CIRCUIT)));
        say(
                "Compressed %s to %d supernodes of features, distances in %s.",
                CIRCUIT,
                compression.get("featureSupernodes").asLong(),
                compression.get("space").asString());
        Map<String, Object> parameters = Map.of("compression", compression.get("id"));
        table("Read the supernodes", "supernodes.cypher", parameters);
        table("Evaluate", "quality.cypher", parameters);
    }

    /** The queries to paste into Browser, each with the comment that says what it shows. */
    void printBrowserQueries() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(queries, "browser-*.cypher")) {
            TreeSet<Path> sorted = new TreeSet<>();
            files.forEach(sorted::add);
            sorted.forEach(file -> say("%n%s", read(file).strip()));
        } catch (IOException e) {
            throw unreadable(queries, e);
        }
    }

    private List<Record> call(String step, String cypher, Map<String, Object> parameters) {
        try {
            return Progress.of(console, step, this::status, () -> query(cypher, parameters));
        } catch (Neo4jException e) {
            throw new StatementException(step + ": " + e.getMessage(), e);
        }
    }

    private List<Record> query(String cypher, Map<String, Object> parameters) {
        return driver.executableQuery(cypher)
                .withParameters(parameters)
                .withConfig(QueryConfig.builder().withDatabase("neo4j").build())
                .execute()
                .records();
    }

    private String status() {
        return query(STATUS, Map.of()).stream()
                .map(row -> row.get("statusDetails").asString())
                .collect(Collectors.joining(", "));
    }

    /** Runs a query of a file and prints its rows under the comment that the file begins with. */
    private void table(String step, String file, Map<String, Object> parameters) {
        String cypher = read(queries.resolve(file));
        List<Record> rows = call(step, cypher, parameters);
        say("");
        cypher.lines()
                .takeWhile(line -> line.startsWith(COMMENT))
                .forEach(line -> say("%s", line.substring(COMMENT.length()).strip()));
        say("");
        TextTable table = new TextTable(rows.get(0).keys());
        rows.forEach(row -> table.add(row.values().stream().map(Value::asObject).toList()));
        table.print(console.results());
        console.results().flush();
    }

    private void say(String format, Object... values) {
        console.results().println(String.format(Locale.ROOT, format, values));
        console.results().flush();
    }

    private static long sum(List<Record> rows, String column) {
        return rows.stream().mapToLong(row -> row.get(column).asLong()).sum();
    }

    private static Record one(List<Record> rows) {
        return rows.get(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UsageException unreadable(Path file, IOException e) {
        return new UsageException(
                "Cannot read " + file + " (" + e + "); the checkout is incomplete.", e);
    }
}
