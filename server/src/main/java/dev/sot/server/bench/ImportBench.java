package dev.sot.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench import}: a large bundle imported, killed and resumed, and by neo4j-admin. */
@Command(
        name = "import",
        description = {
            "Imports a drawn activation bundle into an empty database: once without interruption,"
                + " once more without need, once killed half-way and resumed; and the same graph by"
                + " neo4j-admin database import. All databases must hold the same.",
            "Seconds are those of the call, of neo4j-admin those of the process; processor seconds"
                    + " those of the process, its start included. Exit code 1 if two databases"
                    + " differ."
        })
final class ImportBench implements Callable<Integer> {

    private static final String SCHEMA = "CALL sot.schema.create(); ";

    private static final String TIME = "RETURN timestamp() AS t; ";

    private static final String IMPORT =
            "CALL sot.import.activations('bundle') YIELD status, firings, checkMillis, writeMillis"
                    + " RETURN *;";

    /** What a database holds: counts, and sums over the ends of all arrays. */
    private static final String CONTENTS =
            """
            CALL () {
              MATCH (n) WITH labels(n)[0] AS label, count(*) AS count, sum(size(keys(n))) AS keys
              ORDER BY label RETURN collect([label, count, keys]) AS nodes
            }
            CALL () {
              MATCH ()-[r]->() WITH type(r) AS type, count(*) AS count
              ORDER BY type RETURN collect([type, count]) AS relationships
            }
            CALL () {
              MATCH (p:TokenPosition)-[:IN_PROMPT]->(q:Prompt)
              WHERE p.prompt = q.index AND p.index = q.start + p.position
              RETURN count(*) AS placed, sum(p.tokenId) AS tokens
            }
            CALL () {
              MATCH (b:HiddenStates)
              RETURN sum(b.start) AS starts, sum(size(b.values)) AS values,
                sum(toInteger(1e4 * b.values[-1])) AS lastValues
            }
            CALL () {
              MATCH (f:Feature)-[:HAS_ACTIVATIONS]->(a)
              RETURN sum(a.firings) AS firings, sum(size(a.positions) + size(a.values)) AS sizes,
                sum(f.index * a.positions[-1]) AS lastPositions,
                sum(toInteger(1e4 * a.values[-1])) AS lastActivations
            }
            RETURN *;
            """;

    private final Console console;

    @Option(
            names = "--positions",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Token positions (default: ${DEFAULT-VALUE}).")
    private int positions;

    @Option(
            names = "--features",
            paramLabel = "F",
            defaultValue = "16384",
            description = "Features (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--firings",
            paramLabel = "K",
            defaultValue = "5000000",
            description =
                    "Firings of all features, of at most an eighth of them at a position (default:"
                            + " ${DEFAULT-VALUE}).")
    private long firings;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "64",
            description = "Coordinates of a state (default: ${DEFAULT-VALUE}).")
    private int dimension;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "1g",
            description = "Heap of the server and of neo4j-admin (default: ${DEFAULT-VALUE}).")
    private String heap;

    @Mixin private BenchOptions options;

    ImportBench(Console console) {
        this.console = console;
    }

    /** Processor seconds are those of the process, its start included; null where it did more. */
    private record Figure(
            String way,
            double checked,
            double written,
            Double processorSeconds,
            Double peakGigabytes) {

        static Figure of(String way, double checked, double written) {
            return new Figure(way, checked, written, null, null);
        }

        Figure of(double processorSeconds, double peakGigabytes) {
            return new Figure(way, checked, written, processorSeconds, peakGigabytes);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        if (positions < 1 || features < 8 || dimension < 1 || firings < positions) {
            throw new UsageException(
                    "--positions and --dimension take numbers from 1 on, --features from 8 on,"
                            + " --firings at least as many as positions.");
        }
        if (firings / positions > features / 8) {
            throw new UsageException(
                    "--firings is more than an eighth of --features at each position; raise"
                            + " --features or --positions.");
        }
        Path directory = Files.createTempDirectory("sot-bench-");
        try {
            return measure(directory);
        } finally {
            ServerProcess.delete(directory);
        }
    }

    private int measure(Path directory) throws IOException, InterruptedException {
        Path bundle = directory.resolve("import").resolve("bundle");
        say("drawing the bundle");
        new ImportBundle(positions, features, firings, dimension, options.seed()).write(bundle);
        double megabytes = ServerProcess.size(bundle) / 1e6;

        say("importing %.0f MB", megabytes);
        ServerProcess process = sot(directory, "whole", SCHEMA + IMPORT);
        Figure whole =
                call("sot.import.activations", process.finish())
                        .of(process.processorSeconds(), process.peakGigabytes());
        say("importing again");
        process = sot(directory, "whole", IMPORT + CONTENTS);
        JsonNode contents = process.finish();
        Figure again = call("the same again", process.rows().get(0));
        double stored = ServerProcess.size(directory.resolve("whole/databases/neo4j")) / 1e6;
        ServerProcess.delete(directory.resolve("whole"));

        // Half-way through writing, or about that.
        double share = 0.7;
        JsonNode ofKilled;
        JsonNode row;
        String status;
        do {
            say("importing, killed at %.0f %% of the processor time", 100 * share);
            sot(directory, "killed", SCHEMA + IMPORT)
                    .killAtProcessorSeconds(share * whole.processorSeconds);
            say("resuming");
            process = sot(directory, "killed", SCHEMA + IMPORT + CONTENTS);
            ofKilled = process.finish();
            row = process.rows().get(process.rows().size() - 2);
            status = row.get("status").asText();
            if (!status.equals("resumed")) {
                say("%s: killed too %s", status, status.equals("imported") ? "early" : "late");
                share += status.equals("imported") ? 0.07 : -0.05;
                ServerProcess.delete(directory.resolve("killed"));
            }
        } while (!status.equals("resumed"));
        Figure resumed = call("killed half-way, then", row);
        boolean same = ofKilled.equals(contents);
        say(same ? "the same" : "NOT the same");
        ServerProcess.delete(directory.resolve("killed"));

        say("writing tables for neo4j-admin");
        AdminImport admin = new AdminImport(directory.resolve("tables"));
        long start = System.nanoTime();
        admin.write(bundle);
        double tables = (System.nanoTime() - start) / 1e9;
        say("importing by neo4j-admin");
        process =
                ServerProcess.of(
                        admin.command(directory.resolve("admin"), "-Xmx" + heap), directory);
        process.finish();
        Figure byAdmin =
                Figure.of("neo4j-admin database import", 0, process.seconds())
                        .of(process.processorSeconds(), process.peakGigabytes());
        say("creating the constraints");
        process = sot(directory, "admin", TIME + SCHEMA + TIME + CONTENTS);
        JsonNode adminContents = process.finish();
        List<JsonNode> rows = process.rows();
        double constraints =
                (rows.get(rows.size() - 2).get("t").asLong() - rows.get(0).get("t").asLong()) / 1e3;
        boolean sameByAdmin = adminContents.equals(contents);
        say("neo4j-admin: %s", sameByAdmin ? "the same" : "NOT the same");
        if (!sameByAdmin) {
            console.messages().println(contents);
            console.messages().println(adminContents);
        }
        List<Figure> figures =
                List.of(
                        whole,
                        again,
                        resumed,
                        byAdmin,
                        Figure.of("constraints after it", 0, constraints),
                        Figure.of("tables before it", 0, tables));
        print(figures, megabytes, stored);
        options.writeJson(List.of(json(figures, megabytes, stored, same && sameByAdmin)));
        return same && sameByAdmin ? 0 : Main.FAILED;
    }

    private ServerProcess sot(Path directory, String data, String statements) throws IOException {
        return new ServerProcess(directory, data, statements, "-Xmx" + heap, true);
    }

    private static Figure call(String way, JsonNode row) {
        return Figure.of(
                way, row.get("checkMillis").asLong() / 1e3, row.get("writeMillis").asLong() / 1e3);
    }

    private void say(String format, Object... arguments) {
        console.messages().printf(format + "%n", arguments);
        console.messages().flush();
    }

    private void print(List<Figure> figures, double megabytes, double stored) {
        TextTable table =
                new TextTable(
                        List.of(
                                "",
                                "checked s",
                                "written s",
                                "thousand firings/s",
                                "MB/s",
                                "processor s",
                                "peak GB"));
        for (Figure f : figures) {
            double seconds = f.checked + f.written;
            table.add(
                    List.of(
                            f.way,
                            Figures.rounded(f.checked),
                            Figures.rounded(f.written),
                            Figures.rounded(firings / seconds / 1e3),
                            Figures.rounded(megabytes / seconds),
                            f.processorSeconds == null ? "" : Figures.rounded(f.processorSeconds),
                            f.peakGigabytes == null ? "" : Figures.rounded(f.peakGigabytes)));
        }
        options.print(
                console,
                "%,d positions, %,d features, %,d firings, states of %d coordinates: %.0f MB, in the"
                                .formatted(positions, features, firings, dimension, megabytes)
                        + " database %.0f MB; heap %s".formatted(stored, heap),
                table);
    }

    private Map<String, Object> json(
            List<Figure> figures, double megabytes, double stored, boolean same) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("positions", positions);
        row.put("features", features);
        row.put("firings", firings);
        row.put("d", dimension);
        row.put("heap", heap);
        row.put("seed", options.seed());
        row.put("bundleMegabytes", megabytes);
        row.put("databaseMegabytes", stored);
        row.put("same", same);
        row.put(
                "ways",
                figures.stream()
                        .map(
                                f -> {
                                    Map<String, Object> way = new LinkedHashMap<>();
                                    way.put("way", f.way);
                                    way.put("checkedSeconds", f.checked);
                                    way.put("writtenSeconds", f.written);
                                    way.put("processorSeconds", f.processorSeconds);
                                    way.put("peakGigabytes", f.peakGigabytes);
                                    return way;
                                })
                        .toList());
        return row;
    }
}
