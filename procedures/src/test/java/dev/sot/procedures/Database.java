package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;
import org.neo4j.graphdb.schema.ConstraintDefinition;
import org.neo4j.graphdb.schema.IndexDefinition;
import org.neo4j.graphdb.schema.IndexType;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilder;
import org.neo4j.harness.Neo4jBuilders;
import org.neo4j.procedure.Procedure;
import org.neo4j.procedure.UserFunction;

/**
 * The database of a test class, with everything that the plugin registers, and an import directory,
 * both empty at first. All classes take turns with one server, which runs without Bolt.
 */
final class Database implements BeforeAllCallback, AfterAllCallback {

    private final boolean withSchema;
    private Server server;

    /** Starts when the first class needs it and is closed after the last. */
    private static final class Server implements AutoCloseable {

        private final Path importDirectory;
        private final Neo4j neo4j;

        Server() {
            try {
                importDirectory = Files.createTempDirectory("sot-import").toRealPath();
                Neo4jBuilder builder =
                        Neo4jBuilders.newInProcessBuilder()
                                .withDisabledServer()
                                .withConfig(
                                        GraphDatabaseSettings.load_csv_file_url_root,
                                        importDirectory);
                for (Class<?> registered : annotated()) {
                    builder.withProcedure(registered).withFunction(registered);
                }
                neo4j = builder.build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            neo4j.close();
            deleteTree(importDirectory);
        }
    }

    private Database(boolean withSchema) {
        this.withSchema = withSchema;
    }

    static Database withSchema() {
        return new Database(true);
    }

    static Database withoutSchema() {
        return new Database(false);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server =
                context.getRoot()
                        .getStore(ExtensionContext.Namespace.create(Database.class))
                        .getOrComputeIfAbsent(Server.class, key -> new Server(), Server.class);
        if (withSchema) {
            rows("CALL sot.schema.create()");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        clear();
        try (Transaction tx = service().beginTx()) {
            tx.schema().getConstraints().forEach(ConstraintDefinition::drop);
            tx.commit();
        }
        try (Transaction tx = service().beginTx()) {
            for (IndexDefinition index : tx.schema().getIndexes()) {
                if (index.getIndexType() != IndexType.LOOKUP) {
                    index.drop();
                }
            }
            tx.commit();
        }
        try (Stream<Path> files = Files.list(importDirectory())) {
            files.forEach(Database::deleteTree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The module's classes that have procedures or functions. */
    private static List<Class<?>> annotated() throws IOException {
        Path classes = Path.of("target/classes");
        try (Stream<Path> files = Files.walk(classes)) {
            List<Class<?>> found = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                String name = classes.relativize(file).toString();
                Class<?> candidate = load(name.substring(0, name.length() - 6).replace('/', '.'));
                if (Arrays.stream(candidate.getDeclaredMethods())
                        .anyMatch(
                                m ->
                                        m.isAnnotationPresent(Procedure.class)
                                                || m.isAnnotationPresent(UserFunction.class))) {
                    found.add(candidate);
                }
            }
            return found;
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Database.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    Path importDirectory() {
        return server.importDirectory;
    }

    GraphDatabaseService service() {
        return server.neo4j.defaultDatabaseService();
    }

    /** All rows of a statement that is committed. */
    List<Map<String, Object>> rows(String statement, Object... parameters) {
        try (Transaction tx = service().beginTx()) {
            List<Map<String, Object>> rows = rows(tx, statement, parameters);
            tx.commit();
            return rows;
        }
    }

    static List<Map<String, Object>> rows(Transaction tx, String statement, Object... parameters) {
        try (Result result = tx.execute(statement, map(parameters))) {
            return result.stream().toList();
        }
    }

    /** The only row of a statement that is committed. */
    Map<String, Object> row(String statement, Object... parameters) {
        List<Map<String, Object>> rows = rows(statement, parameters);
        assertThat(rows).as(statement).hasSize(1);
        return rows.get(0);
    }

    /** The only value of a statement that is committed. */
    @SuppressWarnings("unchecked")
    <T> T value(String statement, Object... parameters) {
        Map<String, Object> row = row(statement, parameters);
        assertThat(row).as(statement).hasSize(1);
        return (T) row.values().iterator().next();
    }

    /** The message with which a statement fails. */
    AbstractStringAssert<?> failure(String statement, Object... parameters) {
        Throwable failure = catchThrowable(() -> rows(statement, parameters));
        assertThat(failure).as("failure of " + statement).isNotNull();
        return assertThat(failure.getMessage()).as(statement);
    }

    /** Counts of nodes, relationships and properties, by label and type. */
    List<Map<String, Object>> contents() {
        List<Map<String, Object>> contents = new ArrayList<>();
        contents.addAll(
                rows(
                        "MATCH (n) RETURN labels(n) AS what, count(*) AS count,"
                                + " sum(size(keys(n))) AS properties ORDER BY what"));
        contents.addAll(
                rows(
                        "MATCH ()-[r]->() RETURN type(r) AS what, count(*) AS count,"
                                + " sum(size(keys(r))) AS properties ORDER BY what"));
        return contents;
    }

    /** Deletes all data; the schema stays. */
    void clear() {
        rows("MATCH (n) DETACH DELETE n");
    }

    /** Writes a file into the import directory. */
    String write(String name, String text) {
        try {
            Path file = importDirectory().resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a file or directory from elsewhere into the import directory. */
    void copy(Path source, String name) {
        Path target = importDirectory().resolve(name);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> map(Object... parameters) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put((String) parameters[i], parameters[i + 1]);
        }
        return map;
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
