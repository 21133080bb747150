package dev.sot.server.bench;

import dev.sot.server.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sot bench}: the group of the benchmarks. */
@Command(
        name = "bench",
        description = {
            "Measure the transport library, beside Python Optimal Transport where Python has it."
                    + " Times are processor time, and every run compares the results as well."
        },
        synopsisSubcommandLabel = "BENCHMARK",
        commandListHeading = "%nBenchmarks (each explains itself with --help):%n",
        footer = {"", "docs/performance.md says what came out and what it means."})
public final class BenchCommand implements Runnable {

    @Spec private CommandSpec spec;

    private BenchCommand() {}

    /**
     * The command with the benchmarks below it. Where the mathematics is not on the class path, as
     * in a process that is to start a server, it has none and can only explain itself.
     */
    public static CommandLine create(Console console) {
        CommandLine group = new CommandLine(new BenchCommand());
        if (hasMathematics()) {
            group.addSubcommand(new TransportBench(console));
            group.addSubcommand(new CircuitBench(console));
            group.addSubcommand(new ApproximationBench(console));
            group.addSubcommand(new SupportsBench(console));
            group.addSubcommand(new NearestBench(console));
            group.addSubcommand(new BackendsBench(console));
            group.addSubcommand(new GroupingBench(console));
            group.addSubcommand(new MatchBench(console));
            group.addSubcommand(new ImportBench(console));
        }
        return group;
    }

    private static boolean hasMathematics() {
        return BenchCommand.class.getResource("/dev/sot/transport/Wasserstein.class") != null;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which benchmark: " + String.join(", ", spec.subcommands().keySet()) + "?");
    }
}
