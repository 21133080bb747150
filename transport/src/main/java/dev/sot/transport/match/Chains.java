package dev.sot.transport.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Features followed through layers by links between those of consecutive layers: what becomes of
 * each, and the paths of those that persist.
 *
 * <p>Layers are numbered from 0 in the order in which they are followed, features of a layer from
 * 0.
 */
public final class Chains {

    /**
     * A link from a feature to one of the next layer.
     *
     * @param source index in its layer
     * @param target index in the next layer
     */
    public record Link(int source, int target) {}

    /**
     * A run of features of consecutive layers, each persisting into the next.
     *
     * @param layer the layer of the first
     * @param features the index of each in its layer
     */
    public record Path(int layer, int[] features) {}

    private Chains() {}

    /**
     * Chains.
     *
     * @param sizes number of features of each layer, at least one layer
     * @param links for each layer but the last the links to the next, in any order; those that
     *     occur twice, as matches in both directions do, count once
     * @throws IllegalArgumentException naming a link outside its layers
     */
    public static Chains of(int[] sizes, List<List<Link>> links) {
        throw new UnsupportedOperationException("not yet");
    }

    /** What becomes of a feature; {@link Fate#BORN} and {@link Fate#DIES} of one without links. */
    public Set<Fate> fates(int layer, int feature) {
        return EnumSet.noneOf(Fate.class);
    }

    /** How many features of a layer have a fate. */
    public int count(int layer, Fate fate) {
        return 0;
    }

    /**
     * All maximal paths of features that persist, at least two layers long, ordered by layer and
     * index.
     */
    public List<Path> paths() {
        return List.of();
    }
}
