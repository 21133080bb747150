package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.cluster.MixedDistances;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Distances among the grouped items of a circuit.
 *
 * @param set the items
 * @param condensed distances among the grouped ones
 */
record ItemDistances(ItemSet set, double[] condensed) {

    /** Items whose pairs an array can number. */
    private static final int MAX_ITEMS = 46_341;

    /**
     * Computes them.
     *
     * @param heap counts what is loaded and computed, for as long as the caller keeps it open
     */
    static ItemDistances of(
            Session session,
            Heap heap,
            LoadedCircuit circuit,
            DistanceChoice choice,
            int concurrency) {
        return of(session, heap, items(session, circuit, choice), choice, concurrency);
    }

    /** The items that a choice of distances means. */
    static Items items(Session session, LoadedCircuit circuit, DistanceChoice choice) {
        if (circuit.distinctFeatures().isEmpty() && !choice.measure().isStructure()) {
            throw new ConfigurationException(
                    "no node of '"
                            + circuit.name()
                            + "' has a feature, whose distribution, vector or activations could be"
                            + " compared; name the features of a graph of your own by the column"
                            + " `feature` or by `featureProperty`, or give distance: 'edgeProfile'"
                            + " to compare links");
        }
        return Items.of(circuit, level(session, circuit, choice));
    }

    /** Computes the distances of given items. */
    static ItemDistances of(
            Session session, Heap heap, Items items, DistanceChoice choice, int concurrency) {
        return of(session, heap, items, choice, concurrency, Measures::chosen);
    }

    /**
     * Computes the distances of given items.
     *
     * @param means how what is chosen is measured; the part that links have in it is added
     */
    static ItemDistances of(
            Session session,
            Heap heap,
            Items items,
            DistanceChoice choice,
            int concurrency,
            Function<Measures, Measures.Measured> means) {
        if (items.size() > MAX_ITEMS) {
            throw new ConfigurationException(
                    "circuit '%s' has %,d %s; at most %,d can be compared all with all"
                            .formatted(
                                    items.circuit().name(),
                                    items.size(),
                                    items.size() == items.features().size()
                                            ? "features"
                                            : "feature nodes",
                                    MAX_ITEMS));
        }
        Measures measures = new Measures(session, heap, items, choice, concurrency);
        Measures.Measured measured = means.apply(measures);
        if (!choice.withStructure()) {
            return new ItemDistances(
                    ItemSet.of(items, measured.known(), measured.clouds()), measured.condensed());
        }
        boolean all = choice.missing() == Missing.STRUCTURE;
        int[] grouped = all ? IntStream.range(0, items.size()).toArray() : measured.known();
        int[] place =
                all ? measured.known() : IntStream.range(0, measured.known().length).toArray();
        return new ItemDistances(
                ItemSet.of(items, grouped, measured.clouds()),
                grouped.length == 0
                        ? new double[0]
                        : MixedDistances.mix(
                                measured.condensed(),
                                place,
                                measures.edgeProfiles(grouped),
                                grouped.length,
                                choice.structureWeight(),
                                session.monitor()));
    }

    /** The level that is meant: where it is open, nodes where links or prompts are compared. */
    static Level level(Session session, LoadedCircuit circuit, DistanceChoice choice) {
        if (choice.level() != Level.AUTO) {
            return choice.level();
        }
        return switch (choice.measure()) {
            case WASSERSTEIN, ACTIVATION_CORRELATION ->
                    Measures.space(session, Items.of(circuit, Level.FEATURE), choice)
                                    .getProperty("method")
                                    .equals("prompt")
                            ? Level.NODE
                            : Level.FEATURE;
            case DECODER_COSINE -> Level.FEATURE;
            case EDGE_PROFILE, ROLE_VECTORS -> Level.NODE;
        };
    }
}
