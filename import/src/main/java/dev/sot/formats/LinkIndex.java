package dev.sot.formats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which nodes a link joins and which links repeat others. While the links of a file are
 * counted it holds 8 bytes for each; afterwards only the pairs of ends that occur more than once.
 */
final class LinkIndex {
    /** What {@link Placement#next} says of a link that is not stored. */
    static final long NOT_STORED = -1;

    private final List<CircuitNodeRecord> nodes;
    private final Map<String, Integer> byId;

    /** The error of each id that a feature and an error share; {@link #byId} holds the feature. */
    private final Map<String, Integer> errorTwins = new HashMap<>();

    private long[] pairs = new long[1024];
    private int size;
    private long zero;
    private long self;
    private long dangling;
    private long ambiguous;

    private long[] repeatedPairs = new long[0];
    private int[] repetitions = new int[0];

    LinkIndex(JsonPass pass, List<CircuitNodeRecord> nodes) {
        this.nodes = nodes;
        this.byId = new HashMap<>(nodes.size() * 2);
        for (int i = 0; i < nodes.size(); i++) {
            CircuitNodeRecord node = nodes.get(i);
            Integer earlier = byId.putIfAbsent(node.nodeId(), i);
            if (earlier != null) {
                addTwin(pass, i, earlier);
            }
        }
    }

    private void addTwin(JsonPass pass, int index, int earlier) {
        CircuitNodeRecord node = nodes.get(index);
        CircuitNodeRecord other = nodes.get(earlier);
        int feature = node.kind() == CircuitNodeKind.FEATURE ? index : earlier;
        int error = feature == index ? earlier : index;
        boolean twins =
                nodes.get(feature).kind() == CircuitNodeKind.FEATURE
                        && nodes.get(error).kind() == CircuitNodeKind.ERROR;
        if (!twins || errorTwins.putIfAbsent(node.nodeId(), error) != null) {
            throw pass.failureAt(
                    "nodes[" + index + "].node_id",
                    "the id "
                            + Json.shorten(node.nodeId())
                            + " ("
                            + node.featureType()
                            + ") is already that of nodes["
                            + earlier
                            + "] ("
                            + other.featureType()
                            + ")",
                    "give each node an id of its own; only a feature and an error may share one");
        }
        byId.put(node.nodeId(), feature);
    }

    /** Takes one link into account; links come in the order of the file. */
    void count(String source, String target, double weight) {
        Integer from = byId.get(source);
        Integer to = byId.get(target);
        if (from == null || to == null) {
            dangling++;
            return;
        }
        if (weight == 0) {
            zero++;
        }
        if (from.intValue() == to.intValue()) {
            self++;
        }
        if (!errorTwins.isEmpty()
                && (errorTwins.containsKey(source) || errorTwins.containsKey(target))) {
            ambiguous++;
        }
        if (size == pairs.length) {
            // Beyond 2^31 links this fails as any too large array does.
            pairs = Arrays.copyOf(pairs, (int) Math.min(size * 3L / 2, Integer.MAX_VALUE - 8));
        }
        pairs[size++] = pair(from, to);
    }

    /** Ends the counting; from now on {@link #placement} can be asked for. */
    LinkCounts complete() {
        Arrays.sort(pairs, 0, size);
        int found = 0;
        long duplicate = 0;
        for (int start = 0, end; start < size; start = end) {
            end = start + 1;
            while (end < size && pairs[end] == pairs[start]) {
                end++;
            }
            if (end - start > 1) {
                if (found == repeatedPairs.length) {
                    repeatedPairs = Arrays.copyOf(repeatedPairs, Math.max(16, 2 * found));
                    repetitions = Arrays.copyOf(repetitions, Math.max(16, 2 * found));
                }
                repeatedPairs[found] = pairs[start];
                repetitions[found++] = end - start;
                if (!isSplit(pairs[start], end - start)) {
                    duplicate += end - start - 1;
                }
            }
        }
        repeatedPairs = Arrays.copyOf(repeatedPairs, found);
        repetitions = Arrays.copyOf(repetitions, found);
        pairs = new long[0];
        return new LinkCounts(
                dangling + size, size - duplicate, zero, self, dangling, duplicate, ambiguous);
    }

    /** Begins a pass over the links, in the order in which they were counted. */
    Placement placement() {
        return new Placement();
    }

    /** Says for each link of one pass where it is stored. */
    final class Placement {
        private final int[] occurrences = new int[repeatedPairs.length];

        /**
         * The pair of node indices (source in the upper 32 bits) at which the next link is stored,
         * or {@link #NOT_STORED}.
         */
        long next(String source, String target) {
            Integer from = byId.get(source);
            Integer to = byId.get(target);
            if (from == null || to == null) {
                return NOT_STORED;
            }
            long pair = pair(from, to);
            int repeated = Arrays.binarySearch(repeatedPairs, pair);
            if (repeated < 0) {
                return pair;
            }
            int occurrence = ++occurrences[repeated];
            if (isSplit(pair, repetitions[repeated])) {
                return occurrence == 1 ? pair : pair(errorTwins.get(source), to);
            }
            return occurrence == repetitions[repeated] ? pair : NOT_STORED;
        }
    }

    /**
     * Whether two links of the same ends are one of a feature and one of the error that shares its
     * id: errors act only on later layers.
     */
    private boolean isSplit(long pair, int repetitions) {
        if (repetitions != 2 || errorTwins.isEmpty()) {
            return false;
        }
        Integer error = errorTwins.get(nodes.get((int) (pair >>> 32)).nodeId());
        if (error == null) {
            return false;
        }
        CircuitNodeRecord target = nodes.get((int) pair);
        return target.kind() == CircuitNodeKind.LOGIT || target.layer() > nodes.get(error).layer();
    }

    private static long pair(int source, int target) {
        return (long) source << 32 | target;
    }
}
