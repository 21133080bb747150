package dev.sot.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        call("Build distributions", "CALL sot.distributions.write({})", Map.of());
        Record compression =
                one(
                        call(
                                "Compress " + CIRCUIT,
                                "CALL sot.compress($circuit, {})",
                                Map.of("circuit", CIRCUIT)));
        Map<String, Object> parameters = Map.of("compression", compression.get("id"));
        say("%nSupernodes of %s (compression %s):%n", CIRCUIT, compression.get("id").asString());
        print(call("Read the supernodes", read(queries.resolve("supernodes.cypher")), parameters));
        say("%nQuality, beside other partitions of the same sizes:%n");
        print(call("Evaluate", "CALL sot.evaluate($compression)", parameters));
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

    private void print(List<Record> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<String> columns = new ArrayList<>(rows.get(0).keys());
        columns.removeIf(column -> column.equals("configuration") || column.endsWith("Millis"));
        TextTable table = new TextTable(columns);
        for (Record row : rows) {
            table.add(
                    columns.stream()
                            .map(row::get)
                            .map(Value::asObject)
                            .map(Demo::rounded)
                            .toList());
        }
        table.print(console.results());
        console.results().flush();
    }

    private static Object rounded(Object value) {
        return value instanceof Double number
                ? Double.valueOf(String.format(Locale.ROOT, "%.4g", number))
                : value;
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
