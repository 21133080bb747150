package dev.sot.procedures.match;

import dev.sot.transport.match.Chains;
import dev.sot.transport.match.Fate;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.procedure.Description;

/** What was written of features followed through layers. */
public final class ChainsWriteResult {

    @Description("Id of the run.")
    public final String run;

    @Description("Layers.")
    public final long layers;

    @Description("Features of all of them.")
    public final long features;

    @Description(
            "Features without a distribution: they do not fire in the space, and nothing else is"
                    + " said of them.")
    public final long silent;

    @Description("Relationships written, each from a layer to the next.")
    public final long written;

    @Description("Earlier ones of the run deleted.")
    public final long deleted;

    @Description("Chains of features that persist over at least two layers.")
    public final long chains;

    @Description("Features that nothing in the layer before is linked to.")
    public final long born;

    @Description("Features with one successor, whose only predecessor they are.")
    public final long persists;

    @Description("Features with several successors.")
    public final long splits;

    @Description("Features with a successor that has other predecessors too.")
    public final long merges;

    @Description("Features that are linked to nothing in the layer after.")
    public final long dies;

    @Description("Milliseconds spent on all.")
    public final long millis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    ChainsWriteResult(
            String run,
            FollowedLayers followed,
            long deleted,
            long millis,
            Map<String, Object> configuration) {
        this.run = run;
        this.layers = followed.layers().size();
        this.features = followed.layers().stream().mapToLong(l -> l.size()).sum();
        this.silent = count(followed, Fate.SILENT);
        this.written = followed.size();
        this.deleted = deleted;
        this.chains = followed.chains().paths().size();
        this.born = count(followed, Fate.BORN);
        this.persists = count(followed, Fate.PERSISTS);
        this.splits = count(followed, Fate.SPLITS);
        this.merges = count(followed, Fate.MERGES);
        this.dies = count(followed, Fate.DIES);
        this.millis = millis;
        this.configuration = configuration;
    }

    private static long count(FollowedLayers followed, Fate fate) {
        Chains chains = followed.chains();
        return IntStream.range(0, followed.layers().size())
                .mapToLong(layer -> chains.count(layer, fate))
                .sum();
    }
}
