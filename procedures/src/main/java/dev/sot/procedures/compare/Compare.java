package dev.sot.procedures.compare;

import dev.sot.procedures.runtime.Session;
import dev.sot.transport.cluster.Agreement;
import dev.sot.transport.cluster.Correspondence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** Compares two compressions over the nodes that both have. */
final class Compare {

    private final Pair pair;
    private final CompareConfig config;

    Compare(Session session, String procedure, String left, String right, CompareConfig config) {
        this.pair = Pair.of(session, procedure, left, right, config);
        this.config = config;
    }

    AgreementRow agreement() {
        return new AgreementRow(
                pair,
                Agreement.of(pair.inLeft(), pair.inRight()),
                Agreement.expected(pair.inLeft(), pair.inRight()),
                config.effective());
    }

    private record Cell(int left, int right) implements Comparable<Cell> {

        @Override
        public int compareTo(Cell other) {
            // Nodes that one compression does not have come last.
            int byLeft = Integer.compareUnsigned(left, other.left);
            return byLeft != 0 ? byLeft : Integer.compareUnsigned(right, other.right);
        }
    }

    private static final class Content {
        private long nodes;
        private double influence;
    }

    /** The crosstable: supernodes of the left compression by rank, then those of the right. */
    Stream<GroupRow> groups() {
        Map<Cell, Content> cells = new TreeMap<>();
        int[] leftSizes = new int[pair.leftSupernodes().size()];
        int[] rightSizes = new int[pair.rightSupernodes().size()];
        for (int i = 0; i < pair.nodes().size(); i++) {
            Content content =
                    cells.computeIfAbsent(
                            new Cell(pair.inLeft()[i], pair.inRight()[i]), c -> new Content());
            content.nodes++;
            content.influence += pair.influence()[i];
            if (pair.inBoth(i)) {
                leftSizes[pair.inLeft()[i]]++;
                rightSizes[pair.inRight()[i]]++;
            }
        }
        double total = Arrays.stream(pair.influence()).sum();
        Correspondence matches = Correspondence.of(pair.inLeft(), pair.inRight());
        return cells.entrySet().stream()
                .map(
                        e -> {
                            int left = e.getKey().left;
                            int right = e.getKey().right;
                            long nodes = e.getValue().nodes;
                            boolean both = left >= 0 && right >= 0;
                            return new GroupRow(
                                    left < 0 ? null : pair.leftSupernodes().get(left),
                                    right < 0 ? null : pair.rightSupernodes().get(right),
                                    nodes,
                                    both
                                            ? (double) nodes
                                                    / (leftSizes[left] + rightSizes[right] - nodes)
                                            : null,
                                    total > 0 ? e.getValue().influence / total : null,
                                    both && matches.partner()[left] == right);
                        });
    }

    /** Nodes whose right supernode is not the one matched with their left one. */
    Stream<MovedRow> moved() {
        Correspondence matches = Correspondence.of(pair.inLeft(), pair.inRight());
        return IntStream.range(0, pair.nodes().size())
                .filter(pair::inBoth)
                .filter(i -> matches.partner()[pair.inLeft()[i]] != pair.inRight()[i])
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -pair.influence()[i]))
                .map(
                        i -> {
                            int left = pair.inLeft()[i];
                            int match = matches.partner()[left];
                            Node matched = match < 0 ? null : pair.rightSupernodes().get(match);
                            return new MovedRow(
                                    pair.nodes().get(i),
                                    pair.influence()[i],
                                    pair.leftSupernodes().get(left),
                                    pair.rightSupernodes().get(pair.inRight()[i]),
                                    matched,
                                    matches.jaccard()[left]);
                        });
    }
}
