package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;

/**
 * Density-based clustering without a fixed density (HDBSCAN*; Campello, Moulavi and Sander 2013):
 * groups are what stays together over a long range of densities, and items in sparse regions belong
 * to none.
 *
 * <p>An item's core distance is that to the farthest of its {@code samples} nearest items, itself
 * included, and two items are at the distance
 *
 * <pre>    m(i, j) = max(core_i, core_j, d(i, j)).</pre>
 *
 * <p>At distance h the clusters are what pairs with m up to h join; smaller ones than {@code
 * minSize} count as noise. From large to small h, a cluster lives until it falls into two or more
 * clusters, and loses members to the noise. With lambda = 1 / h, its stability is the sum over its
 * members of (lambda at which they leave it - lambda at which it began); lambdas beyond that of the
 * smallest distance above 0 count as that. Of all clusters but the whole, those are chosen that are
 * disjoint and have the largest sum of stabilities; between a cluster and parts equally stable, the
 * cluster.
 *
 * <p>The number of groups follows from the distances. O(n^2) time, 4 n^2 bytes beside the
 * distances. There is no randomness, and the order of the items does not matter.
 *
 * @param group group of each item, numbered from 0 in the order of their smallest members; noise is
 *     in groups of one
 * @param clusters number of groups that are no noise
 * @param noise number of items that are noise
 */
public record Hdbscan(int[] group, int clusters, int noise) {

    /**
     * Groups items.
     *
     * @param condensed distances as in {@link HierarchicalClustering#cluster}; left unchanged
     * @param n number of items, at least 1
     * @param minSize fewest members of a group, at least 2
     * @param samples items around one that make a core, itself included, at least 1; all where
     *     there are fewer
     * @throws IllegalArgumentException if minSize or samples are too small, or the distances are
     *     not n (n - 1) / 2 finite numbers {@code >= 0}
     */
    public static Hdbscan cluster(
            double[] condensed, int n, int minSize, int samples, Monitor monitor) {
        if (minSize < 2 || samples < 1) {
            throw new IllegalArgumentException(
                    "minSize and samples are "
                            + minSize
                            + " and "
                            + samples
                            + "; at least 2 and 1 are needed");
        }
        double[] reach = reachability(condensed, n, samples, monitor);
        Dendrogram tree =
                HierarchicalClustering.cluster(reach, n, Linkage.SINGLE, Constraints.NONE, monitor);
        return new Condensation(tree, minSize).result();
    }

    private static double[] reachability(double[] condensed, int n, int samples, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        double[] core =
                samples == 1
                        ? new double[n]
                        : NearestGraph.scales(condensed, n, samples - 1, monitor);
        double[] reach = new double[condensed.length];
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                reach[pair] = Math.max(condensed[pair], Math.max(core[i], core[j]));
            }
        }
        return reach;
    }

    /** The clusters of all heights; a cluster has a larger number than the one it is part of. */
    private static final class Condensation {

        private final Dendrogram tree;
        private final int n;
        private final int minSize;
        private final double mostLambda;

        /** The cluster that each item was in last. */
        private final int[] last;

        private final int[] parent;
        private final double[] birth;
        private final double[] stability;
        private int count;

        Condensation(Dendrogram tree, int minSize) {
            this.tree = tree;
            this.minSize = minSize;
            n = tree.itemCount();
            int merge = 0;
            while (merge < tree.mergeCount() && tree.height(merge) == 0) {
                merge++;
            }
            mostLambda = merge < tree.mergeCount() ? 1 / tree.height(merge) : 1;
            last = new int[n];
            // Every cluster but the first begins with another one, in a node of its own.
            parent = new int[n + 1];
            birth = new double[n + 1];
            stability = new double[n + 1];
            condense();
        }

        private double lambda(int merge) {
            return tree.height(merge) > 0 ? 1 / tree.height(merge) : mostLambda;
        }

        private int size(int node) {
            return node < n ? 1 : tree.size(node - n);
        }

        /** From the top down, all merges of one height at a time. */
        private void condense() {
            parent[0] = -1;
            count = 1;
            if (n == 1) {
                return;
            }
            int top = n + tree.mergeCount() - 1;
            birth[0] = lambda(tree.mergeCount() - 1);
            int[] clusterOf = new int[n + tree.mergeCount()];
            int[] parts = new int[n];
            for (int node = top; node >= n; node--) {
                // Nodes inside of a level belong to the node at which the level began.
                if (clusterOf[node] < 0) {
                    continue;
                }
                int partCount = parts(node, parts, clusterOf);
                fall(clusterOf[node], lambda(node - n), parts, partCount, clusterOf);
            }
        }

        /** What a node falls into below its height; marks the nodes of the same height. */
        private int parts(int node, int[] parts, int[] clusterOf) {
            double height = tree.height(node - n);
            int found = 1;
            parts[0] = node;
            for (int at = 0; at < found; ) {
                int part = parts[at];
                if (part >= n && tree.height(part - n) == height) {
                    if (part != node) {
                        clusterOf[part] = -1;
                    }
                    parts[at] = tree.left(part - n);
                    parts[found++] = tree.right(part - n);
                } else {
                    at++;
                }
            }
            return found;
        }

        private void fall(int cluster, double lambda, int[] parts, int partCount, int[] clusterOf) {
            if (cluster == NOISE) {
                for (int p = 0; p < partCount; p++) {
                    clusterOf[parts[p]] = NOISE;
                }
                return;
            }
            int large = 0;
            for (int p = 0; p < partCount; p++) {
                large += size(parts[p]) >= minSize ? 1 : 0;
            }
            for (int p = 0; p < partCount; p++) {
                int part = parts[p];
                boolean stays = large == 1 && size(part) >= minSize;
                if (stays) {
                    clusterOf[part] = cluster;
                    continue;
                }
                stability[cluster] += size(part) * (lambda - birth[cluster]);
                if (size(part) >= minSize) {
                    parent[count] = cluster;
                    birth[count] = lambda;
                    clusterOf[part] = count++;
                } else {
                    leave(part, cluster);
                    clusterOf[part] = NOISE;
                }
            }
        }

        private static final int NOISE = Integer.MAX_VALUE;

        /** All items of a part were in this cluster last. */
        private void leave(int part, int cluster) {
            int[] stack = new int[size(part)];
            int depth = 1;
            stack[0] = part;
            while (depth > 0) {
                int node = stack[--depth];
                if (node < n) {
                    last[node] = cluster;
                } else {
                    stack[depth++] = tree.left(node - n);
                    stack[depth++] = tree.right(node - n);
                }
            }
        }

        Hdbscan result() {
            double[] best = stability.clone();
            double[] ofParts = new double[count];
            boolean[] chosen = new boolean[count];
            for (int c = count - 1; c > 0; c--) {
                chosen[c] = stability[c] >= ofParts[c];
                best[c] = Math.max(stability[c], ofParts[c]);
                ofParts[parent[c]] += best[c];
            }
            // A cluster above takes the place of those below it.
            int[] group = new int[count];
            group[0] = -1;
            int clusters = 0;
            for (int c = 1; c < count; c++) {
                group[c] = group[parent[c]];
                if (group[c] < 0 && chosen[c]) {
                    group[c] = clusters++;
                }
            }
            int noise = 0;
            int[] of = new int[n];
            for (int i = 0; i < n; i++) {
                of[i] = group[last[i]];
                if (of[i] < 0) {
                    of[i] = clusters + noise++;
                }
            }
            return new Hdbscan(Labels.inOrder(of), clusters, noise);
        }
    }
}
