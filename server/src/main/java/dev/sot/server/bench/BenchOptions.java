package dev.sot.server.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sot.server.Console;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options that all benchmarks have, and how they give their results. */
final class BenchOptions {

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write the figures to a file, an array of objects.")
    private Path json;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            defaultValue = "/usr/bin/python3",
            description =
                    "Python that has Python Optimal Transport, as from Debian's python3-pot"
                            + " (default: ${DEFAULT-VALUE}).")
    private String python;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the clouds (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--markdown", description = "Print the tables in Markdown.")
    private boolean markdown;

    private final List<String> peers = new ArrayList<>();
    private boolean introduced;

    /** This library with the Vector API, or nothing where Java has none, which is then said. */
    Optional<Solver> vectors(Console console) {
        if (Solver.hasVectors()) {
            return Optional.of(Solver.java(true));
        }
        console.messages().println("This Java has no module jdk.incubator.vector.");
        return Optional.empty();
    }

    /** Python Optimal Transport in a process of its own, or nothing, which is then said. */
    Optional<Solver> peers(Console console) {
        try {
            Solver solver = Solver.python(python);
            peers.add(solver.engine());
            return Optional.of(solver);
        } catch (Solver.MissingException e) {
            console.messages()
                    .println(
                            "No peers: "
                                    + python
                                    + " cannot run Python Optimal Transport ("
                                    + e.getMessage()
                                    + "); --python names another.");
            return Optional.empty();
        }
    }

    /** Seed of the clouds. */
    long seed() {
        return seed;
    }

    /**
     * Refuses a file that could not be written, before anything is measured.
     *
     * @throws UsageException if the directory of the file does not exist
     */
    void check() {
        if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
            throw new UsageException(
                    "The directory of " + json + " does not exist; create it or change --json.");
        }
    }

    /** Prints a table below its caption, and above the first one what was measured on what. */
    void print(Console console, String caption, TextTable table) {
        if (!introduced) {
            console.results().println(introduction());
            console.results().println();
            introduced = true;
        }
        console.results().println(caption);
        console.results().println();
        if (markdown) {
            table.printMarkdown(console.results());
        } else {
            table.print(console.results());
        }
        console.results().println();
        console.results().flush();
    }

    private String introduction() {
        return Stream.concat(Stream.of(Machine.describe()), peers.stream().distinct())
                .collect(Collectors.joining("; "));
    }

    /**
     * Writes the figures where {@code --json} says.
     *
     * @param rows objects with the same keys in the same order
     */
    void writeJson(List<Map<String, Object>> rows) {
        if (json == null) {
            return;
        }
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), rows);
        } catch (IOException e) {
            throw new UsageException(
                    "Cannot write " + json + " (" + e.getMessage() + "); change --json.", e);
        }
    }
}
