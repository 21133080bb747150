package dev.sot.server;

import dev.sot.server.ServerOptions.Connectors;
import java.util.concurrent.Callable;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot demo}: the whole way from files to supernodes on a server that starts empty. */
@Command(
        name = "demo",
        description = {
            "Start a server with an empty temporary database, import the circuits and activations"
                    + " in import/demo, compress a circuit and print its supernodes."
        })
final class DemoCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--serve",
            description = "Leave the server running for Browser until Ctrl-C or SIGTERM.")
    private boolean serve;

    @Mixin private Ports ports;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Installation installation = Installation.current();
        Connectors connectors =
                serve
                        ? new Connectors(Connectors.LOOPBACK, ports.http(), ports.bolt(), null)
                        : new Connectors(Connectors.LOOPBACK, Connectors.NONE, 0, null);
        try (Lifetime lifetime = new Lifetime()) {
            ServerOptions options =
                    new ServerOptions(
                            lifetime.temporaryDirectory(),
                            installation.demonstrationData(),
                            connectors);
            EmbeddedServer server =
                    Progress.of(
                            console, "Starting Neo4j", () -> lifetime.start(installation, options));
            try (Driver driver = GraphDatabase.driver(server.boltUri(), AuthTokens.none())) {
                Demo demo = new Demo(console, driver, installation.queries());
                demo.run();
                if (serve) {
                    console.results()
                            .printf(
                                    "%nThe database stays until Ctrl-C. Open %s (no password; Bolt"
                                            + " %s) and paste:%n",
                                    server.browserUri(), server.boltUri());
                    demo.printBrowserQueries();
                } else {
                    console.results()
                            .printf(
                                    "%nLook around in Browser with ./sot demo --serve; keep a"
                                            + " database of your own with ./sot serve; how to bring"
                                            + " circuits and activations is in README.md.%n");
                }
                console.results().flush();
            }
            if (serve) {
                ServeCommand.waitForSignal();
            }
        }
        return 0;
    }
}
