package dev.sot.procedures.space;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Reference spaces. */
public final class SpaceProcedures extends SotProcedures {

    @Procedure(name = "sot.space.fit", mode = Mode.WRITE)
    @Description(
            "Fits a reference space on the hidden states of a corpus: principal components of one"
                    + " layer or several, whitened, or maps of all layers to one; or makes one of"
                    + " tokens, without geometry.")
    public Stream<SpaceFitResult> fit(
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "method, promptPositions, name, corpus, corpora, layer, layers,"
                                            + " penalty, dimension, whiten, excludeFirstToken,"
                                            + " sinkFactor, replace, backend, concurrency.")
                    Map<String, Object> configuration) {
        return Stream.of(SpaceFit.run(session(), SpaceFitConfig.of(configuration)));
    }

    @Procedure(name = "sot.space.list", mode = Mode.READ)
    @Description("Lists the reference spaces, with how good they are on held-out prompts.")
    public Stream<SpaceRow> list() {
        return SpaceRow.all(tx);
    }

    @Procedure(name = "sot.space.drop", mode = Mode.WRITE)
    @Description("Deletes a reference space with its points, distributions and distances.")
    public Stream<DropSpaceResult> drop(
            @Name(value = "space", description = "Name of the space.") String space) {
        return Stream.of(new DropSpace(session()).run(space));
    }
}
