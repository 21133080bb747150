package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.server.ServerOptions.Connectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.exceptions.AuthenticationException;

class PasswordTest {

    @TempDir Path directory;

    @Test
    void aServerWithAPasswordAdmitsNobodyElse() throws IOException {
        Installation installation = Checkout.create(directory.resolve("checkout"));
        Connectors connectors =
                new Connectors(Connectors.LOOPBACK, Connectors.NONE, 0, "correct horse");
        try (EmbeddedServer server =
                EmbeddedServer.start(
                        installation,
                        new ServerOptions(directory.resolve("data"), null, connectors))) {
            assertThatCode(() -> connect(server, AuthTokens.basic("neo4j", "correct horse")))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> connect(server, AuthTokens.basic("neo4j", "neo4j")))
                    .isInstanceOf(AuthenticationException.class);
            assertThatThrownBy(() -> connect(server, AuthTokens.none()))
                    .isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void otherMachinesAreLetInWithAPasswordOnly() {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code =
                Main.execute(
                        new Console(
                                new PrintStream(new ByteArrayOutputStream()),
                                new PrintStream(messages, true, StandardCharsets.UTF_8)),
                        "serve",
                        "--listen",
                        "0.0.0.0");

        assertThat(code).isEqualTo(Main.USAGE);
        assertThat(messages.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("SOT_PASSWORD");
    }

    private static void connect(EmbeddedServer server, AuthToken token) {
        try (Driver driver = GraphDatabase.driver(server.boltUri(), token)) {
            driver.verifyConnectivity();
        }
    }
}
