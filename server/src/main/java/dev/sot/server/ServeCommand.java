package dev.sot.server;

import dev.sot.server.ServerOptions.Connectors;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot serve}: a server that keeps its data and runs until it is stopped. */
@Command(
        name = "serve",
        description = {
            "Run a persistent server with Browser until Ctrl-C or SIGTERM.",
            "It listens to this machine only and asks for no password, unless --listen says"
                    + " otherwise, which needs one."
        })
final class ServeCommand implements Callable<Integer> {
    private static final int MINIMUM_PASSWORD = 8;

    private final Console console;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the database (default: .sot/data in the repository).")
    private Path data;

    @Mixin private Ports ports;

    @Option(
            names = "--import",
            paramLabel = "DIR",
            description =
                    "The only directory that imports and exports may touch (default: import in the"
                            + " data directory).")
    private Path importDirectory;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = Connectors.LOOPBACK,
            description =
                    "Address to listen at (default: ${DEFAULT-VALUE}). Any other than loopback"
                            + " needs a password.")
    private String listen;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:SOT_PASSWORD}",
            description =
                    "Password of the user neo4j, at least 8 characters; better given in the"
                            + " environment as SOT_PASSWORD, where other users cannot read it.")
    private String password;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkAccess();
        Installation installation = Installation.current();
        ServerOptions options =
                new ServerOptions(
                        data == null ? installation.defaultData() : data,
                        importDirectory,
                        new Connectors(listen, ports.http(), ports.bolt(), password));
        try (Lifetime lifetime = new Lifetime()) {
            EmbeddedServer server =
                    Progress.of(
                            console, "Starting Neo4j", () -> lifetime.start(installation, options));
            console.results()
                    .printf(
                            "Browser %s  Bolt %s  (%s; Ctrl-C stops)%n",
                            server.browserUri(),
                            server.boltUri(),
                            password == null ? "no password" : "user neo4j");
            console.results().flush();
            waitForSignal();
        }
        return 0;
    }

    /**
     * Blocks until the process is told to stop; the shutdown hook of {@link Lifetime} cleans up.
     */
    static void waitForSignal() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void checkAccess() {
        if (password != null && password.length() < MINIMUM_PASSWORD) {
            throw new UsageException(
                    "The password has "
                            + password.length()
                            + " characters; Neo4j wants at least "
                            + MINIMUM_PASSWORD
                            + ".");
        }
        boolean loopback;
        try {
            loopback = InetAddress.getByName(listen).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new UsageException(
                    "No such address: " + listen + "; give one of this machine to --listen.", e);
        }
        if (!loopback && password == null) {
            throw new UsageException(
                    "Listening at "
                            + listen
                            + " lets other machines in: set a password with SOT_PASSWORD in the"
                            + " environment or --password.");
        }
    }
}
