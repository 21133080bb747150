package dev.sot.transport.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Features followed through layers by links between those of consecutive layers: what becomes of
 * each, and the paths of those that persist.
 *
 * <p>Layers are numbered from 0 in the order in which they are followed, features of a layer from
 * 0. Time and memory are linear in features and links, but for sorting links. Immutable.
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
    public record Path(int layer, List<Integer> features) {}

    private static final int NONE = -1;

    // For each layer and feature how many links come and go, and the last one's other end.
    private final int[][] predecessors;
    private final int[][] successors;
    private final int[][] predecessor;
    private final int[][] successor;
    private final boolean[][] merges;
    private final List<BitSet> silent;

    private Chains(int[] sizes, List<BitSet> silent) {
        this.silent = silent;
        predecessors = table(sizes);
        successors = table(sizes);
        predecessor = table(sizes);
        successor = table(sizes);
        merges = Arrays.stream(sizes).mapToObj(boolean[]::new).toArray(boolean[][]::new);
    }

    private static int[][] table(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    }

    /**
     * Chains.
     *
     * @param sizes number of features of each layer
     * @param links for each layer but the last the links to the next, in any order; those that
     *     occur twice, as matches in both directions do, count once
     * @param silent for each layer the features that have no distribution and can have no links
     * @throws IllegalArgumentException if there are not as many lists as pairs of layers, or naming
     *     a link outside its layers or of a silent feature
     */
    public static Chains of(int[] sizes, List<List<Link>> links, List<BitSet> silent) {
        if (links.size() != Math.max(0, sizes.length - 1)) {
            throw new IllegalArgumentException(
                    sizes.length
                            + " layers need links between consecutive ones, got "
                            + links.size()
                            + " lists");
        }
        Chains chains = new Chains(sizes, silent);
        for (int layer = 0; layer < links.size(); layer++) {
            chains.add(layer, links.get(layer));
        }
        return chains;
    }

    private void add(int layer, List<Link> links) {
        long[] distinct =
                links.stream()
                        .mapToLong(
                                link -> {
                                    require(layer, link);
                                    return (long) link.source << 32 | link.target;
                                })
                        .sorted()
                        .distinct()
                        .toArray();
        for (long link : distinct) {
            int source = (int) (link >>> 32);
            int target = (int) link;
            successors[layer][source]++;
            successor[layer][source] = target;
            predecessors[layer + 1][target]++;
            predecessor[layer + 1][target] = source;
        }
        for (long link : distinct) {
            merges[layer][(int) (link >>> 32)] |= predecessors[layer + 1][(int) link] > 1;
        }
    }

    private void require(int layer, Link link) {
        if (link.source < 0
                || link.source >= successors[layer].length
                || link.target < 0
                || link.target >= successors[layer + 1].length) {
            throw new IllegalArgumentException(
                    "a link from layer " + layer + " is outside its layers: " + link);
        }
        if (silent.get(layer).get(link.source) || silent.get(layer + 1).get(link.target)) {
            throw new IllegalArgumentException(
                    "a link from layer " + layer + " is one of a silent feature: " + link);
        }
    }

    /** What becomes of a feature: empty in a single layer, where nothing is said of any. */
    public Set<Fate> fates(int layer, int feature) {
        if (silent.get(layer).get(feature)) {
            return EnumSet.of(Fate.SILENT);
        }
        Set<Fate> fates = EnumSet.noneOf(Fate.class);
        if (layer > 0 && predecessors[layer][feature] == 0) {
            fates.add(Fate.BORN);
        }
        if (persists(layer, feature)) {
            fates.add(Fate.PERSISTS);
        }
        if (successors[layer][feature] > 1) {
            fates.add(Fate.SPLITS);
        }
        if (merges[layer][feature]) {
            fates.add(Fate.MERGES);
        }
        if (layer < successors.length - 1 && successors[layer][feature] == 0) {
            fates.add(Fate.DIES);
        }
        return fates;
    }

    /** How many features of a layer have a fate. */
    public int count(int layer, Fate fate) {
        int count = 0;
        for (int feature = 0; feature < successors[layer].length; feature++) {
            count += fates(layer, feature).contains(fate) ? 1 : 0;
        }
        return count;
    }

    /** All longest paths of features that persist, of at least two, by layer, then by feature. */
    public List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        for (int layer = 0; layer < successors.length; layer++) {
            for (int feature = 0; feature < successors[layer].length; feature++) {
                if (persists(layer, feature) && !continues(layer, feature)) {
                    paths.add(path(layer, feature));
                }
            }
        }
        return paths;
    }

    private Path path(int layer, int first) {
        List<Integer> features = new ArrayList<>();
        int feature = first;
        for (int at = layer; feature != NONE; at++) {
            features.add(feature);
            feature = persists(at, feature) ? successor[at][feature] : NONE;
        }
        return new Path(layer, List.copyOf(features));
    }

    private boolean persists(int layer, int feature) {
        return successors[layer][feature] == 1
                && predecessors[layer + 1][successor[layer][feature]] == 1;
    }

    /** Whether a feature is what one of the layer before persists as. */
    private boolean continues(int layer, int feature) {
        return predecessors[layer][feature] == 1
                && persists(layer - 1, predecessor[layer][feature]);
    }
}
