package dev.sot.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench match}: whole dictionaries matched in a database, killed and resumed. */
@Command(
        name = "match",
        description = {
            "Matches all features of one layer of a dictionary to those of another, with"
                    + " certificates, in a database of its own: once without interruption, once"
                    + " killed half-way and resumed. Both must have written the same.",
            "Features are drawn: each has a partner in the other layer. Seconds are those of the"
                    + " call. Exit code 1 if the two runs differ."
        })
final class MatchBench implements Callable<Integer> {

    private static final String HEAP = "-Xmx4g";

    /** Matches of one run that the other has not written with the same properties. */
    private static final String DIFFERING =
            "MATCH (f:Feature)-[a:MATCHES {run: 'whole'}]->(g) OPTIONAL MATCH (f)-[b:MATCHES {run:"
                + " 'resumed'}]->(g) WHERE b.rank = a.rank WITH a, b, [k IN keys(a) WHERE k <>"
                + " 'run' AND a[k] <> b[k]] AS different RETURN count(a) AS matches, count(CASE"
                + " WHEN b IS NULL OR size(different) > 0 OR size(keys(a)) <> size(keys(b)) THEN 1"
                + " END) AS differing, count(CASE WHEN a.certified THEN 1 END) AS certified,"
                + " count(CASE WHEN a.certified AND startNode(a).index <> endNode(a).index THEN 1"
                + " END) AS wrong, count(CASE WHEN startNode(a).index = endNode(a).index THEN 1"
                + " END) AS right;";

    /** What the killed run has kept to be resumed; a run that ended before is deleted. */
    private static final String KEPT =
            "CALL () {MATCH (run:MatchRun {id: 'resumed', state: 'complete'}) CALL"
                + " sot.match.drop(run.id) YIELD run AS dropped RETURN count(dropped) AS complete}"
                + " RETURN complete, count {MATCH (:MatchPart)} AS parts;";

    private final Console console;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            defaultValue = "2048,4096,16384",
            description = "Features of either layer, above 2,000 (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "64",
            description = "Coordinates of a point (default: ${DEFAULT-VALUE}).")
    private int dimension;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--positions",
            paramLabel = "all|disjoint",
            defaultValue = "disjoint",
            description = "Positions of the two sides (default: ${DEFAULT-VALUE}).")
    private String positions;

    @Mixin private BenchOptions options;

    MatchBench(Console console) {
        this.console = console;
    }

    private record Figure(
            int size,
            double seconds,
            double peakGigabytes,
            double killedAfter,
            double resumedSeconds,
            long resumedParts,
            long matches,
            long right,
            long certified,
            long wrong,
            long differing) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        if (sizes.stream().anyMatch(size -> size <= 2_000) || dimension < 2 || concurrency < 1) {
            throw new UsageException(
                    "--sizes takes numbers above 2000, --dimension from 2 and --concurrency from 1"
                            + " on.");
        }
        List<Figure> figures = new ArrayList<>();
        for (int size : sizes) {
            Path directory = Files.createTempDirectory("sot-bench-");
            try {
                figures.add(measure(size, directory));
            } finally {
                ServerProcess.delete(directory);
            }
        }
        print(figures);
        options.writeJson(figures.stream().map(this::json).toList());
        return figures.stream().allMatch(f -> f.differing == 0) ? 0 : Main.FAILED;
    }

    private Figure measure(int size, Path directory) throws IOException, InterruptedException {
        console.messages().println(size + " features: drawing and importing");
        Files.createDirectories(directory.resolve("import"));
        MatchBundle.write(
                directory.resolve("import").resolve("bundle"), size, dimension, options.seed());
        child(
                        directory,
                        "CALL sot.schema.create(); CALL sot.import.activations('bundle'); CALL"
                                + " sot.space.fit({method: 'aligned', dimension: "
                                + dimension
                                + "});")
                .finish();
        console.messages().println(size + " features: matching");
        ServerProcess whole = child(directory, write("whole"));
        JsonNode row = whole.finish();
        double seconds = seconds(row);
        double killedAfter = seconds / 2;
        kill(size, directory, whole.seconds() - seconds + killedAfter);
        JsonNode kept = child(directory, KEPT).finish();
        while (kept.get("parts").asLong() == 0) {
            // Much slower or faster than the first.
            killedAfter += (kept.get("complete").asLong() == 0 ? seconds : -seconds) / 5;
            kill(size, directory, whole.seconds() - seconds + killedAfter);
            kept = child(directory, KEPT).finish();
        }
        console.messages().printf("%d features: resuming%n", size);
        JsonNode resumed = child(directory, write("resumed")).finish();
        JsonNode compared = child(directory, DIFFERING).finish();
        Figure figure =
                new Figure(
                        size,
                        seconds,
                        whole.peakGigabytes(),
                        killedAfter,
                        seconds(resumed),
                        resumed.get("resumedParts").asLong(),
                        compared.get("matches").asLong(),
                        compared.get("right").asLong(),
                        compared.get("certified").asLong(),
                        compared.get("wrong").asLong(),
                        compared.get("differing").asLong());
        console.messages().println(figure);
        return figure;
    }

    private void kill(int size, Path directory, double afterSeconds)
            throws IOException, InterruptedException {
        console.messages()
                .printf("%d features: matching again, killed after %.1f s%n", size, afterSeconds);
        child(directory, write("resumed")).killAfter(afterSeconds);
    }

    private static ServerProcess child(Path directory, String statements) throws IOException {
        return new ServerProcess(directory, "data", statements, HEAP, false);
    }

    private static double seconds(JsonNode row) {
        return (row.get("computeMillis").asLong() + row.get("writeMillis").asLong()) / 1e3;
    }

    private String write(String run) {
        return ("CALL sot.match.write({run: '%s', dictionary: '%s', layers: [0], targets:"
                    + " {dictionary: '%s', layers: [1]}, positions: '%s', concurrency: %d}) YIELD"
                    + " computeMillis, writeMillis, resumedParts, written, certified;")
                .formatted(
                        run,
                        MatchBundle.DICTIONARY,
                        MatchBundle.DICTIONARY,
                        positions,
                        concurrency);
    }

    private void print(List<Figure> figures) {
        TextTable table =
                new TextTable(
                        List.of(
                                "features",
                                "seconds",
                                "peak GB",
                                "killed after s",
                                "resumed s",
                                "resumed parts",
                                "right",
                                "certified",
                                "wrong",
                                "differing"));
        for (Figure f : figures) {
            table.add(
                    List.of(
                            f.size,
                            Figures.rounded(f.seconds),
                            Figures.rounded(f.peakGigabytes),
                            Figures.rounded(f.killedAfter),
                            Figures.rounded(f.resumedSeconds),
                            f.resumedParts,
                            f.right,
                            f.certified,
                            f.wrong,
                            f.differing));
        }
        options.print(
                console,
                "Matches of as many features as there are, dimension "
                        + dimension
                        + ", positions "
                        + positions
                        + ", "
                        + concurrency
                        + " threads, heap "
                        + HEAP,
                table);
    }

    private Map<String, Object> json(Figure f) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("features", f.size);
        row.put("d", dimension);
        row.put("positions", positions);
        row.put("threads", concurrency);
        row.put("seed", options.seed());
        row.put("seconds", f.seconds);
        row.put("peakGigabytes", f.peakGigabytes);
        row.put("killedAfterSeconds", f.killedAfter);
        row.put("resumedSeconds", f.resumedSeconds);
        row.put("resumedParts", f.resumedParts);
        row.put("matches", f.matches);
        row.put("right", f.right);
        row.put("certified", f.certified);
        row.put("wrong", f.wrong);
        row.put("differing", f.differing);
        return row;
    }
}
