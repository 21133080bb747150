package dev.sot.server;

import dev.sot.server.ServerOptions.Connectors;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseInternalSettings;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.io.ByteUnit;
import org.neo4j.io.locker.FileLockException;
import org.neo4j.server.configuration.ServerSettings;

/**
 * A Neo4j Community server in this process: the database with the plugin and Graph Data Science in
 * its plugin directory, and, where asked for, Bolt, the HTTP API and Browser.
 *
 * <p>It is confined: it calls nobody (usage report and Browser telemetry are off), runs no
 * procedures but {@code sot.*}, {@code gds.*} and Neo4j's own, and reads and writes files in the
 * import directory only. {@code sot.*} runs in Neo4j's sandbox; {@code gds.*} works on the kernel
 * of the database and therefore needs {@code dbms.security.procedures.unrestricted}.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Duration AVAILABLE_WITHIN = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 5;
    private static final long PAGE_CACHE = ByteUnit.mebiBytes(256);

    private final DatabaseManagementService dbms;

    private final Connectors connectors;

    private EmbeddedServer(DatabaseManagementService dbms, Connectors connectors) {
        this.dbms = dbms;
        this.connectors = connectors;
    }

    /**
     * Starts a server and waits until its database answers.
     *
     * @throws UsageException if a port or the data directory is in use, a directory is missing or
     *     cannot be written, or the plugin is not built
     */
    static EmbeddedServer start(Installation installation, ServerOptions options) {
        prepareDirectories(installation, options);
        if (options.connectors() != null && options.connectors().password() != null) {
            setPassword(options);
        }
        EmbeddedServer server = started(options);
        if (!server.database().isAvailable(AVAILABLE_WITHIN.toMillis())) {
            server.close();
            throw new UsageException(
                    "The database in "
                            + options.data()
                            + " did not become available; its log is "
                            + options.data().resolve("logs/debug.log"));
        }
        return server;
    }

    /** Listens at other ports if one that it has chosen itself is taken meanwhile. */
    private static EmbeddedServer started(ServerOptions options) {
        Connectors wanted = options.connectors();
        for (int attempt = 1; ; attempt++) {
            Connectors connectors =
                    wanted == null
                            ? null
                            : new Connectors(
                                    wanted.address(),
                                    free(wanted.address(), wanted.http(), "Browser", "--http"),
                                    free(wanted.address(), wanted.bolt(), "Bolt", "--bolt"),
                                    wanted.password());
            try {
                return new EmbeddedServer(
                        build(
                                new ServerOptions(
                                        options.data(), options.importDirectory(), connectors)),
                        connectors);
            } catch (UsageException e) {
                if (attempt == ATTEMPTS
                        || !causedBy(e, BindException.class)
                        || (wanted.http() != 0 && wanted.bolt() != 0)) {
                    throw e;
                }
            }
        }
    }

    /** The database, for callers in this process. */
    GraphDatabaseService database() {
        return dbms.database(GraphDatabaseSettings.DEFAULT_DATABASE_NAME);
    }

    /** Address for drivers. */
    String boltUri() {
        return "bolt://" + connectors.address() + ":" + connectors.bolt();
    }

    /**
     * Address of Browser; on a server without a password Browser connects without asking for one.
     */
    String browserUri() {
        return "http://"
                + connectors.address()
                + ":"
                + connectors.http()
                + "/browser/"
                + (connectors.password() == null ? "?preselectAuthMethod=NO_AUTH" : "");
    }

    @Override
    public void close() {
        dbms.shutdown();
    }

    private static DatabaseManagementService build(ServerOptions options) {
        Path data = options.data();
        DatabaseManagementServiceBuilder builder =
                new DatabaseManagementServiceBuilder(data)
                        .setConfig(GraphDatabaseSettings.data_directory, data)
                        .setConfig(GraphDatabaseSettings.plugin_dir, plugins(data))
                        .setConfig(
                                GraphDatabaseSettings.load_csv_file_url_root,
                                options.importDirectory())
                        .setConfig(
                                GraphDatabaseSettings.procedure_allowlist,
                                List.of("sot.*", "gds.*"))
                        .setConfig(GraphDatabaseSettings.procedure_unrestricted, List.of("gds.*"))
                        .setConfig(GraphDatabaseSettings.udc_enabled, false)
                        .setConfig(ServerSettings.allow_telemetry, false)
                        .setConfig(GraphDatabaseSettings.pagecache_memory, PAGE_CACHE);
        Connectors connectors = options.connectors();
        if (connectors == null) {
            builder.setConfig(BoltConnector.enabled, false)
                    .setConfig(HttpConnector.enabled, false)
                    .setConfig(GraphDatabaseSettings.auth_enabled, false);
        } else {
            boolean web = connectors.http() != Connectors.NONE;
            builder.setConfig(BoltConnector.enabled, true)
                    .setConfig(GraphDatabaseInternalSettings.netty_server_shutdown_quiet_period, 0)
                    .setConfig(
                            BoltConnector.listen_address,
                            new SocketAddress(connectors.address(), connectors.bolt()))
                    // What Browser is told; by default Neo4j's own port, whichever it listens at.
                    .setConfig(
                            BoltConnector.advertised_address, new SocketAddress(connectors.bolt()))
                    .setConfig(HttpConnector.enabled, web)
                    .setConfig(GraphDatabaseSettings.auth_enabled, connectors.password() != null);
            if (web) {
                builder.setConfig(
                        HttpConnector.listen_address,
                        new SocketAddress(connectors.address(), connectors.http()));
            }
        }
        try {
            return builder.build();
        } catch (RuntimeException e) {
            if (causedBy(e, FileLockException.class)) {
                throw new UsageException(
                        "The data directory "
                                + data
                                + " is in use by another server; stop that one or choose another"
                                + " with --data DIR.",
                        e);
            }
            if (causedBy(e, BindException.class)) {
                throw new UsageException(
                        "A port was taken while the server started; choose others with --http PORT"
                                + " and --bolt PORT.",
                        e);
            }
            throw e;
        }
    }

    /**
     * Gives the user neo4j its password before anything listens, so that the server is never
     * reachable with Neo4j's initial one.
     */
    private static void setPassword(ServerOptions options) {
        DatabaseManagementService dbms =
                build(new ServerOptions(options.data(), options.importDirectory(), null));
        try {
            dbms.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME)
                    .executeTransactionally(
                            "CREATE OR REPLACE USER neo4j SET PASSWORD $password CHANGE NOT"
                                    + " REQUIRED",
                            Map.of("password", options.connectors().password()));
        } finally {
            dbms.shutdown();
        }
    }

    private static void prepareDirectories(Installation installation, ServerOptions options) {
        Path data = options.data();
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw unwritable(data, e);
        }
        if (!Files.isWritable(data)) {
            throw unwritable(data, new AccessDeniedException(data.toString()));
        }
        try {
            installation.installPlugins(plugins(data));
            if (options.importDirectory().startsWith(data)) {
                Files.createDirectories(options.importDirectory());
            }
        } catch (IOException e) {
            throw unwritable(data, e);
        }
        if (!Files.isDirectory(options.importDirectory())) {
            throw new UsageException(
                    "The import directory "
                            + options.importDirectory()
                            + " does not exist; create it or choose another with --import DIR.");
        }
    }

    private static Path plugins(Path data) {
        return data.resolve("plugins");
    }

    private static UsageException unwritable(Path data, IOException cause) {
        return new UsageException(
                "The data directory "
                        + data
                        + " cannot be written; choose another with --data DIR.",
                cause);
    }

    /**
     * The port to listen at: the one asked for, which must be free, or any free one for 0. It is
     * chosen here and not by Neo4j, so that Browser can be told.
     */
    private static int free(String address, int port, String what, String option) {
        if (port == Connectors.NONE) {
            return port;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return socket.getLocalPort();
        } catch (UnknownHostException e) {
            throw new UsageException(
                    "No such address: " + address + "; give one of this machine to --listen.", e);
        } catch (IOException e) {
            throw new UsageException(
                    "Cannot listen at "
                            + address
                            + ":"
                            + port
                            + " for "
                            + what
                            + " ("
                            + e.getMessage()
                            + "); choose another port with "
                            + option
                            + " PORT.",
                    e);
        }
    }

    private static boolean causedBy(Throwable thrown, Class<? extends Throwable> kind) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
