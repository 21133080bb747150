package dev.sot.transport.cluster;

import dev.sot.transport.circuit.MergingQuotient;

/**
 * Bits that it takes to write a circuit down by means of a partition: a two-part code (Rissanen
 * 1978) of a summary and of what is needed to get every link back from it, as Navlakha, Rastogi and
 * Shrivastava (2008) compare summaries of graphs, with links coded as in the microcanonical
 * stochastic block model of weighted links (Peixoto 2017, 2018).
 *
 * <p>Weights are first rounded to whole quanta: the quantum is the mean absolute weight of the
 * links, halved until the rounding changes the absolute weight of all together by at most 1 %. What
 * then has none is no link; all others carry a number of positive or of negative quanta. For n
 * items in K groups of sizes n_1 to n_K, k groups in all with those that no cut changes, L links
 * with Q quanta together, and E superedges (from a group to itself included), superedge e made of
 * p_e links with P_e positive quanta and q_e links with N_e negative ones over the c_e ordered
 * pairs of nodes that it could join, and H the number of p_e and q_e that are not 0:
 *
 * <pre>
 *   partition   log2 n + log2 C(n - 1, K - 1) + log2 n! - sum_g log2 n_g!
 *   superedges  log2 (k^2 + 1) + log2 C(k^2, E) + log2 C(L - 1, E - 1) + sum_e log2 (p_e + q_e + 1)
 *               + log2 C(Q - L + H - 1, H - 1)
 *   links       sum_e log2 C(c_e, p_e + q_e) + log2 C(p_e + q_e, p_e)
 *                     + log2 C(P_e - 1, p_e - 1) + log2 C(N_e - 1, q_e - 1)
 * </pre>
 *
 * <p>The first line says how many groups there are, how large they are, and who is in which. The
 * second says which superedges there are, how the links are shared among them, how many of each are
 * positive, and how the quanta are shared among the two signs of all, where each link has at least
 * one. The third says which pairs of nodes are linked, which of these links are positive, and how
 * the quanta are shared among them. Where a partition hides weight in large groups, or joins many
 * nodes by a superedge of few links, the third line is long; where it keeps nodes apart that are
 * linked alike, the first two are. What all partitions have in common, n, L, Q and the quantum, is
 * not counted.
 */
final class DescriptionLength {

    private final MergingQuotient quotient;
    private final int items;
    private int groups;
    private int allGroups;
    private double sizes;
    private long superedges;
    private long signs;
    private double links;

    DescriptionLength(MergingQuotient quotient, int items, int allGroups) {
        this.quotient = quotient;
        this.items = items;
        this.groups = items;
        this.allGroups = allGroups;
        for (int g = 0; g < allGroups; g++) {
            int source = g;
            quotient.forEachTarget(g, (target, edge) -> add(source, target, edge, 1));
            quotient.ifOwn(g, edge -> add(source, source, edge, 1));
        }
    }

    /** Merges two groups of the quotient, of so many items, and returns the group of both. */
    int merge(int a, int b, int sizeA, int sizeB) {
        addAll(a, -1, b);
        addAll(b, -1, -1);
        int merged = quotient.merge(a, b);
        addAll(merged, 1, -1);
        sizes += Bits.factorial(sizeA + sizeB) - Bits.factorial(sizeA) - Bits.factorial(sizeB);
        groups--;
        allGroups--;
        return merged;
    }

    double bits() {
        double pairs = (double) allGroups * allGroups;
        return Bits.log2(items)
                + Bits.choose(items - 1, groups - 1)
                + Bits.factorial(items)
                - sizes
                + Bits.log2(pairs + 1)
                + Bits.choose(pairs, superedges)
                + Bits.choose(quotient.links() - 1, superedges - 1)
                + Bits.choose(quotient.quanta() - quotient.links() + signs - 1, signs - 1)
                + links;
    }

    /** All superedges at a group, those to or from another one aside. */
    private void addAll(int group, int sign, int without) {
        quotient.forEachTarget(
                group,
                (target, edge) -> {
                    if (target != without) {
                        add(group, target, edge, sign);
                    }
                });
        quotient.forEachSource(
                group,
                (source, edge) -> {
                    if (source != without) {
                        add(source, group, edge, sign);
                    }
                });
        quotient.ifOwn(group, edge -> add(group, group, edge, sign));
    }

    private void add(int source, int target, int edge, int sign) {
        int positive = quotient.positiveLinks(edge);
        int negative = quotient.negativeLinks(edge);
        int count = positive + negative;
        if (count == 0) {
            return;
        }
        double pairs = (double) quotient.nodeCount(source) * quotient.nodeCount(target);
        superedges += sign;
        signs += sign * ((positive > 0 ? 1 : 0) + (negative > 0 ? 1 : 0));
        links +=
                sign
                        * (Bits.log2(count + 1)
                                + Bits.choose(pairs, count)
                                + Bits.choose(count, positive)
                                + Bits.choose(quotient.positiveQuanta(edge) - 1, positive - 1)
                                + Bits.choose(quotient.negativeQuanta(edge) - 1, negative - 1));
    }
}
