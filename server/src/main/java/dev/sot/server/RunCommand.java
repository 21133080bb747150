package dev.sot.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Result;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sot run}: executes the statements of a file on a database that listens to nothing. */
@Command(
        name = "run",
        description = {
            "Execute the statements of a Cypher file, each in a transaction of its own, and print"
                    + " their rows. The first that fails ends the run with exit code 1; what the"
                    + " statements before it wrote stays."
        })
final class RunCommand implements Callable<Integer> {

    /** How rows are printed. */
    enum Format {
        table,
        jsonl
    }

    private static final String STANDARD_INPUT = "-";

    /**
     * Where Neo4j names a place in the statement: unlike a place in a data file, with its offset.
     */
    private static final Pattern PLACE =
            Pattern.compile("line (\\d+), column (\\d+) \\(offset: \\d+\\)");

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "File of statements, - for standard input.")
    private String file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Directory of the database (default: a temporary one that is deleted"
                            + " afterwards).")
    private Path data;

    @Option(
            names = "--import",
            paramLabel = "DIR",
            description =
                    "The only directory that imports and exports may touch (default: import in the"
                            + " data directory).")
    private Path importDirectory;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "Query parameter; a value that is JSON is read as such.")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "table|jsonl",
            defaultValue = "table",
            description =
                    "table cuts long cells; jsonl prints one JSON object per row and nothing else"
                            + " (default: ${DEFAULT-VALUE}).")
    private Format format;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, Object> values = dev.sot.server.Parameters.parse(parameters);
        List<Statement> statements = Statement.split(read().replaceFirst("^\uFEFF", ""));
        if (statements.isEmpty()) {
            throw new UsageException("There is no statement in " + name() + ".");
        }
        Installation installation = Installation.current();
        try (Lifetime lifetime = new Lifetime()) {
            Path directory = data == null ? lifetime.temporaryDirectory() : data;
            ServerOptions options = new ServerOptions(directory, importDirectory, null);
            EmbeddedServer server =
                    Progress.of(
                            console, "Starting Neo4j", () -> lifetime.start(installation, options));
            for (Statement statement : statements) {
                execute(server.database(), statement, values);
            }
        }
        return 0;
    }

    private void execute(
            GraphDatabaseService database, Statement statement, Map<String, Object> values) {
        String name = name() + ":" + statement.line();
        try {
            Progress.of(
                    console,
                    name,
                    () -> status(database),
                    () ->
                            database.executeTransactionally(
                                    statement.text(),
                                    values,
                                    result -> {
                                        print(result);
                                        return null;
                                    }));
        } catch (RuntimeException e) {
            throw failure(statement, e);
        } finally {
            console.results().flush();
        }
    }

    /** What a long statement says of itself. */
    private static String status(GraphDatabaseService database) {
        return database.executeTransactionally(
                "SHOW TRANSACTIONS YIELD statusDetails WHERE statusDetails STARTS WITH 'sot: '"
                        + " RETURN statusDetails LIMIT 1",
                Map.of(),
                result -> result.hasNext() ? (String) result.next().get("statusDetails") : "");
    }

    private void print(Result result) {
        List<String> columns = result.columns();
        if (format == Format.jsonl) {
            while (result.hasNext()) {
                console.results().println(JsonRows.row(columns, result.next()));
            }
            return;
        }
        TextTable table = new TextTable(columns);
        long rows = 0;
        for (; result.hasNext(); rows++) {
            Map<String, Object> row = result.next();
            table.add(columns.stream().map(row::get).toList());
        }
        if (!columns.isEmpty()) {
            table.print(console.results());
            console.results().println(rows == 1 ? "1 row" : rows + " rows");
        }
        if (result.getQueryStatistics().containsUpdates()) {
            console.results().println(result.getQueryStatistics().toString().strip());
        }
        console.results().println();
    }

    private StatementException failure(Statement statement, RuntimeException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        Matcher place = PLACE.matcher(message);
        int line = statement.line();
        if (place.find()) {
            int within = Integer.parseInt(place.group(1));
            int column = Integer.parseInt(place.group(2));
            line += within - 1;
            column += within == 1 ? statement.column() - 1 : 0;
            message = place.replaceFirst("line " + line + ", column " + column);
        }
        return new StatementException(name() + ":" + line + ": " + message, e);
    }

    private String name() {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }

    private String read() {
        try {
            byte[] bytes;
            if (file.equals(STANDARD_INPUT)) {
                InputStream input = System.in;
                bytes = input.readAllBytes();
            } else if (!Files.exists(Path.of(file))) {
                throw new UsageException("No such file: " + Path.of(file).toAbsolutePath());
            } else if (Files.isDirectory(Path.of(file))) {
                throw new UsageException(
                        Path.of(file).toAbsolutePath()
                                + " is a directory; name a file of statements.");
            } else {
                bytes = Files.readAllBytes(Path.of(file));
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new UsageException(name() + " is not UTF-8; save it as UTF-8.", e);
        } catch (IOException e) {
            throw new UsageException("Cannot read " + name() + ": " + e.getMessage(), e);
        }
    }
}
