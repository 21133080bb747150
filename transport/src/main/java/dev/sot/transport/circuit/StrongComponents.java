package dev.sot.transport.circuit;

/** Strongly connected components of a directed graph by Tarjan's algorithm, without recursion. */
final class StrongComponents {

    private StrongComponents() {}

    /**
     * Nodes in the largest component; 0 for a graph without nodes. O(nodes + links).
     *
     * @param begin links out of v are numbered {@code begin[v]} to {@code begin[v + 1] - 1}
     * @param target end of each link
     */
    static int largest(int[] begin, int[] target) {
        int n = begin.length - 1;
        int[] index = new int[n];
        int[] low = new int[n];
        boolean[] open = new boolean[n];
        int[] component = new int[n];
        int componentSize = 0;
        int[] path = new int[n];
        int[] link = begin.clone();
        int indices = 0;
        int largest = 0;
        for (int root = 0; root < n; root++) {
            if (index[root] != 0) {
                continue;
            }
            int depth = 0;
            path[0] = root;
            index[root] = low[root] = ++indices;
            component[componentSize++] = root;
            open[root] = true;
            while (depth >= 0) {
                int v = path[depth];
                if (link[v] < begin[v + 1]) {
                    int w = target[link[v]++];
                    if (index[w] == 0) {
                        index[w] = low[w] = ++indices;
                        component[componentSize++] = w;
                        open[w] = true;
                        path[++depth] = w;
                    } else if (open[w]) {
                        low[v] = Math.min(low[v], index[w]);
                    }
                    continue;
                }
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[v]);
                }
                if (low[v] == index[v]) {
                    int size = 0;
                    int w;
                    do {
                        w = component[--componentSize];
                        open[w] = false;
                        size++;
                    } while (w != v);
                    largest = Math.max(largest, size);
                }
            }
        }
        return largest;
    }
}
