package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.neo4j.graphdb.Transaction;

/** The constraints and indexes of cypher/schema.cypher. */
public final class SchemaStore {

    private static final Pattern NAMED =
            Pattern.compile("CREATE (CONSTRAINT|INDEX) (\\w+) IF NOT EXISTS.*");

    /** One statement of the schema file. */
    public record Item(String kind, String name, String statement) {}

    private SchemaStore() {}

    /** What the schema file declares, in its order. */
    public static List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (String line : text().split("\n")) {
            if (line.isBlank() || line.startsWith("//")) {
                continue;
            }
            String statement = line.strip().replaceAll(";$", "");
            Matcher matcher = NAMED.matcher(statement);
            if (!matcher.matches()) {
                throw new IllegalStateException(
                        "cypher/schema.cypher: not one named statement a line: " + line);
            }
            items.add(
                    new Item(
                            matcher.group(1).toLowerCase(Locale.ROOT),
                            matcher.group(2),
                            statement));
        }
        return items;
    }

    /** Names of the declared items that exist. */
    public static Set<String> existing(Transaction tx) {
        Set<String> names = new HashSet<>();
        tx.schema().getConstraints().forEach(c -> names.add(c.getName()));
        tx.schema().getIndexes().forEach(i -> names.add(i.getName()));
        return names;
    }

    /**
     * Refuses to write without the constraints: keys would neither be unique nor quick to look up.
     */
    public static void require(Transaction tx) {
        Set<String> existing = existing(tx);
        for (Item item : items()) {
            if (!existing.contains(item.name())) {
                throw new ConfigurationException(
                        "the schema of SOT is not complete in this database (`"
                                + item.name()
                                + "` is missing); run CALL sot.schema.create() once");
            }
        }
    }

    private static String text() {
        try (InputStream in = SchemaStore.class.getResourceAsStream("/sot/cypher/schema.cypher")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
