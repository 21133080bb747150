package dev.sot.procedures.meta;

import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;
import org.neo4j.procedure.Context;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** What the plugin is and what it holds. */
public final class MetaProcedures {

    @Context public Transaction tx;

    @Procedure(name = "sot.version", mode = Mode.READ)
    @Description("The plugin's version, and the backends that are installed.")
    public Stream<VersionResult> version() {
        return Stream.of(
                new VersionResult(
                        Version.get(),
                        Backends.usable().stream().map(LinearAlgebra::name).toList()));
    }

    @Procedure(name = "sot.help", mode = Mode.READ)
    @Description("The plugin's procedures and functions whose name or description contains a word.")
    public Stream<HelpResult> help(
            @Name(
                            value = "keyword",
                            defaultValue = "",
                            description = "A word; by default everything is listed.")
                    String keyword) {
        return Help.of(tx, keyword).stream();
    }

    @Procedure(name = "sot.list", mode = Mode.READ)
    @Description(
            "What is loaded and derived: models, dictionaries, corpora, reference spaces, circuits,"
                    + " compressions, unfinished imports.")
    public Stream<ListResult> list() {
        return Inventory.of(tx).stream();
    }

    @Procedure(name = "sot.schema.create", mode = Mode.SCHEMA)
    @Description(
            "Creates the constraints and indexes that the other procedures need, where they are"
                    + " missing.")
    public Stream<SchemaResult> createSchema() {
        Set<String> existing = SchemaStore.existing(tx);
        List<SchemaResult> results = new ArrayList<>();
        for (SchemaStore.Item item : SchemaStore.items()) {
            boolean missing = !existing.contains(item.name());
            if (missing) {
                try (Result result = tx.execute(item.statement(), Map.of())) {
                    result.accept(row -> true);
                }
            }
            results.add(new SchemaResult(item, missing));
        }
        return results.stream();
    }
}
