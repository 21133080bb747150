package dev.sot.server;

import dev.sot.server.bench.BenchCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line behind the launcher script {@code sot}. */
@Command(
        name = "./sot",
        description = {
            "Neo4j Community with Browser, Graph Data Science and the sot.* procedures, which"
                    + " collapse attribution circuits of language models into supernodes by optimal"
                    + " transport between the features' activation distributions."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands (each explains itself with --help):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a statement, a procedure or a benchmark's comparison failed",
            "2:an argument, a file, a directory or a port is at fault"
        },
        footer = {
            "",
            "SOT_JAVA_OPTS in the environment adds options for Java, such as -Xmx4g (default"
                    + " -Xmx1g)."
        })
public final class Main implements Runnable {
    /** Exit code when a statement or procedure failed. */
    public static final int FAILED = 1;

    /** Exit code when an argument or the environment is at fault. */
    static final int USAGE = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain and exit.")
    private boolean help;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean debug;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        PrintStream results = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        // Whatever a library prints must not end up among the results.
        System.setOut(System.err);
        int code = execute(new Console(results, System.err), arguments);
        results.flush();
        System.exit(code);
    }

    /**
     * Runs one command in this process.
     *
     * @return the exit code
     */
    static int execute(Console console, String... arguments) {
        Main main = new Main();
        CommandLine commandLine =
                new CommandLine(main)
                        .addSubcommand(new DemoCommand(console))
                        .addSubcommand(new ServeCommand(console))
                        .addSubcommand(new RunCommand(console))
                        .addSubcommand(BenchCommand.create(console))
                        .setOut(new PrintWriter(console.results(), true))
                        .setErr(new PrintWriter(console.messages(), true))
                        .setUsageHelpAutoWidth(true)
                        .setParameterExceptionHandler(
                                (e, rejected) -> {
                                    console.messages().println(describe(e));
                                    return USAGE;
                                })
                        .setExecutionExceptionHandler(
                                (e, command, parsed) -> main.report(console, e));
        return commandLine.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which command: demo, serve, run or bench?");
    }

    private int report(Console console, Exception e) {
        if (debug) {
            e.printStackTrace(console.messages());
        }
        if (e instanceof UsageException) {
            console.messages().println("sot: " + e.getMessage());
            return USAGE;
        }
        if (e instanceof StatementException) {
            console.messages().println(e.getMessage());
            return FAILED;
        }
        console.messages()
                .println("sot: unexpected " + e + (debug ? "" : " (--debug shows where)"));
        return FAILED;
    }

    private static String describe(ParameterException e) {
        return "sot: "
                + e.getMessage()
                + " ("
                + e.getCommandLine().getCommandSpec().qualifiedName()
                + " --help explains)";
    }
}
