package dev.sot.procedures.compare;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Two compressions, node by node: first the nodes of the left one in its order, then those that
 * only the right one has.
 *
 * @param left id of the left compression
 * @param right id of the right compression
 * @param nodes the nodes of either
 * @param inLeft place of each node's supernode among the left ones, -1 for none
 * @param inRight place of each node's supernode among the right ones, -1 for none
 * @param influence influence of each node, as the left compression has it where it has the node
 * @param leftSupernodes supernodes of the left compression, by rank
 * @param rightSupernodes supernodes of the right compression, by rank
 */
record Pair(
        String left,
        String right,
        List<Node> nodes,
        int[] inLeft,
        int[] inRight,
        double[] influence,
        List<Node> leftSupernodes,
        List<Node> rightSupernodes) {

    /**
     * Reads two compressions.
     *
     * @throws ConfigurationException when one is not there, or no node is in both
     */
    static Pair of(
            Session session, String procedure, String left, String right, CompareConfig config) {
        Side a = Side.of(session, procedure, "left", left, config);
        Side b = Side.of(session, procedure, "right", right, config);
        List<Node> nodes = new ArrayList<>(a.members.keySet());
        b.members.keySet().stream().filter(n -> !a.members.containsKey(n)).forEach(nodes::add);
        Pair pair =
                new Pair(
                        left,
                        right,
                        nodes,
                        a.assignment(nodes),
                        b.assignment(nodes),
                        nodes.stream()
                                .mapToDouble(
                                        n -> a.members.getOrDefault(n, b.members.get(n)).influence)
                                .toArray(),
                        a.supernodes,
                        b.supernodes);
        if (pair.inBoth() == 0) {
            throw new ConfigurationException(
                    procedure
                            + ": no "
                            + (config.all() ? "node" : "feature node")
                            + " is in both '"
                            + left
                            + "' and '"
                            + right
                            + "'; compare compressions that have a circuit in common");
        }
        return pair;
    }

    private record Member(int supernode, double influence) {}

    private record Side(List<Node> supernodes, Map<Node, Member> members) {

        static Side of(
                Session session,
                String procedure,
                String argument,
                String id,
                CompareConfig config) {
            if (id == null || id.isBlank()) {
                throw new ConfigurationException(
                        procedure
                                + ": argument `"
                                + argument
                                + "` must be the id of a compression");
            }
            Node compression = CompressionStore.require(session.tx(), id);
            List<Node> supernodes = CompressionStore.supernodes(compression);
            List<Numbered> numbered = new ArrayList<>();
            for (int i = 0; i < supernodes.size(); i++) {
                session.monitor().check();
                for (Membership membership : CompressionStore.memberships(supernodes.get(i))) {
                    if (config.all() || membership.kind() == CircuitNodeKind.FEATURE) {
                        numbered.add(new Numbered(i, membership));
                    }
                }
            }
            numbered.sort((x, y) -> Integer.compare(x.of.ordinal(), y.of.ordinal()));
            Map<Node, Member> members = new LinkedHashMap<>();
            numbered.forEach(
                    m -> members.put(m.of.node(), new Member(m.supernode, m.of.influence())));
            return new Side(supernodes, members);
        }

        private record Numbered(int supernode, Membership of) {}

        int[] assignment(List<Node> nodes) {
            return nodes.stream()
                    .mapToInt(n -> members.containsKey(n) ? members.get(n).supernode : -1)
                    .toArray();
        }
    }

    /** Whether a node is in both compressions. */
    boolean inBoth(int node) {
        return inLeft[node] >= 0 && inRight[node] >= 0;
    }

    /** Nodes in both compressions. */
    long inBoth() {
        return IntStream.range(0, nodes.size()).filter(this::inBoth).count();
    }

    /** Nodes in the left compression alone. */
    long onlyLeft() {
        return Arrays.stream(inRight).filter(g -> g < 0).count();
    }

    /** Nodes in the right compression alone. */
    long onlyRight() {
        return Arrays.stream(inLeft).filter(g -> g < 0).count();
    }

    /** Supernodes of one compression that have a node in both. */
    long compared(int[] side) {
        return IntStream.range(0, nodes.size())
                .filter(this::inBoth)
                .map(i -> side[i])
                .distinct()
                .count();
    }
}
