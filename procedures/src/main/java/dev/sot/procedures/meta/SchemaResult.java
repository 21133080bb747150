package dev.sot.procedures.meta;

import dev.sot.procedures.store.SchemaStore;
import org.neo4j.procedure.Description;

/** One constraint or index. */
public final class SchemaResult {

    @Description("Its name.")
    public final String name;

    @Description("constraint or index.")
    public final String kind;

    @Description("created, or exists when it was there.")
    public final String status;

    SchemaResult(SchemaStore.Item item, boolean created) {
        this.name = item.name();
        this.kind = item.kind();
        this.status = created ? "created" : "exists";
    }
}
