package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code docker-compose.yml} against the conventions of Neo4j's image, as its documentation states
 * them, and the settings of the server. No container is started: there may be no Docker.
 */
class DockerComposeTest {

    private static final String SETTING = "NEO4J_";
    private static final Set<String> NO_SETTINGS = Set.of("NEO4J_AUTH", "NEO4J_PLUGINS");

    private static Map<String, Object> compose;
    private static Map<String, Object> neo4j;

    @BeforeAll
    static void read() throws IOException {
        try (Reader file = Files.newBufferedReader(Sot.ROOT.resolve("docker-compose.yml"))) {
            compose = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
        }
        assertThat(map(compose.get("services"))).containsOnlyKeys("neo4j");
        neo4j = map(map(compose.get("services")).get("neo4j"));
    }

    @Test
    void theImageIsTheServerThatTheTestsRunOn() {
        String version =
                SotServer.demo()
                        .query(
                                "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j"
                                        + " Kernel' RETURN versions[0]")
                        .get(0)
                        .get(0)
                        .asString();
        assertThat(neo4j.get("image")).isEqualTo("neo4j:" + version + "-community");
    }

    @Test
    void nothingIsOpenBeyondThisMachineAndNoPasswordIsWritten() {
        assertThat(list(neo4j.get("ports"))).isNotEmpty().allMatch(p -> p.startsWith("127.0.0.1:"));
        assertThat(neo4j).doesNotContainKeys("network_mode", "expose", "privileged");
        assertThat(environment().get("NEO4J_AUTH").toString())
                .as("a password that has to be given, without a default")
                .matches("neo4j/\\$\\{NEO4J_PASSWORD:\\?[^}]+}");
    }

    @Test
    void everyEnvironmentVariableIsASettingOfTheServer() {
        Set<String> settings =
                SotServer.demo().query("SHOW SETTINGS YIELD name RETURN name").stream()
                        .map(row -> row.get(0).asString())
                        .collect(Collectors.toSet());
        List<String> configured = new ArrayList<>();
        for (String variable : environment().keySet()) {
            if (variable.startsWith(SETTING) && !NO_SETTINGS.contains(variable)) {
                // The image's rule: a dot is written _, and _ is written __.
                String name = variable.substring(SETTING.length()).replace("__", "\0");
                configured.add(name.replace('_', '.').replace('\0', '_'));
            }
        }
        assertThat(settings).containsAll(configured);
        assertThat(configured)
                .contains(
                        "server.memory.heap.max_size",
                        "server.memory.pagecache.size",
                        "dbms.security.procedures.allowlist");
        assertThat(environment().get("NEO4J_dbms_security_procedures_unrestricted").toString())
                .as("the plugin stays in the sandbox")
                .doesNotContain("sot");
    }

    @Test
    void whatIsMountedIsThereAndThePluginIsOneJar() throws IOException {
        for (String volume : list(neo4j.get("volumes"))) {
            String source = volume.split(":")[0];
            if (source.startsWith(".")) {
                assertThat(Sot.ROOT.resolve(source)).isDirectory();
            } else {
                assertThat(map(compose.get("volumes"))).containsKey(source);
            }
        }
        assertThat(list(neo4j.get("volumes"))).contains("./procedures/target:/sot:ro");
        assertThat(String.join(" ", list(neo4j.get("entrypoint"))))
                .contains("cp /sot/sot-neo4j-*.jar /var/lib/neo4j/plugins/");
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(
                        Sot.ROOT.resolve("procedures/target"), "sot-neo4j-*.jar")) {
            assertThat(jars).hasSize(1);
        }
    }

    @Test
    void itSaysWhenTheServerIsReady() {
        assertThat(map(neo4j.get("healthcheck"))).containsKeys("test", "interval", "retries");
    }

    private static Map<String, Object> environment() {
        return map(neo4j.get("environment"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }

    private static List<String> list(Object value) {
        assertThat(value).isInstanceOf(List.class);
        return ((List<?>) value).stream().map(Object::toString).toList();
    }
}
