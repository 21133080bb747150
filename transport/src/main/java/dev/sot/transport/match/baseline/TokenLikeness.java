package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Likeness of the tokens on which features fire. A feature's histogram gives each token of the
 * vocabulary the share of the activation that falls on it, whatever the context; two features are
 * as alike as
 *
 * <pre>    sum_v min(p_v, q_v) = 1 - 1/2 sum_v |p_v - q_v|</pre>
 *
 * one minus their total variation distance, which is W_1 for the ground cost that is 0 between
 * equal tokens and 1 between others. Needs no shared positions, only one vocabulary. A feature that
 * never fires cannot be compared.
 *
 * <p>A source costs the entries of the targets at its tokens. Memory 12 bytes an entry of the
 * targets' histograms.
 */
public final class TokenLikeness implements Likeness {

    private final List<int[]> tokens = new ArrayList<>();
    private final List<double[]> shares = new ArrayList<>();
    private final int[] targetTokens;
    private final SparseRows byToken;

    /**
     * Makes the histograms. O(firings log firings).
     *
     * @param token for each position of the corpus the number of its token, from 0 on
     */
    public TokenLikeness(Recording sources, Recording targets, int[] token, Monitor monitor) {
        histograms(sources, token, monitor, tokens, shares);
        List<int[]> columns = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        histograms(targets, token, monitor, columns, values);
        targetTokens = columns.stream().mapToInt(c -> c.length).toArray();
        byToken = new SparseRows(columns, values);
    }

    /**
     * Numbers the tokens of a corpus by their first occurrence, so that equal ids have one number.
     *
     * @param ids for each position of the corpus the token's id in the vocabulary
     */
    public static int[] numbered(long[] ids) {
        Map<Long, Integer> numbers = new TreeMap<>();
        int[] numbered = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int next = numbers.size();
            numbered[i] = numbers.computeIfAbsent(ids[i], id -> next);
        }
        return numbered;
    }

    private static void histograms(
            Recording recording,
            int[] token,
            Monitor monitor,
            List<int[]> tokens,
            List<double[]> shares) {
        for (int f = 0; f < recording.size(); f++) {
            monitor.check();
            Map<Integer, Double> histogram = new TreeMap<>();
            double total = 0;
            for (int i = 0; i < recording.firings(f); i++) {
                double value = recording.values().get(f)[i];
                histogram.merge(token[recording.positions().get(f)[i]], value, Double::sum);
                total += value;
            }
            double sum = total;
            tokens.add(histogram.keySet().stream().mapToInt(t -> t).toArray());
            shares.add(histogram.values().stream().mapToDouble(v -> v / sum).toArray());
        }
    }

    @Override
    public int sources() {
        return tokens.size();
    }

    @Override
    public int targets() {
        return targetTokens.length;
    }

    @Override
    public void of(int source, double[] into) {
        boolean fires = tokens.get(source).length > 0;
        for (int j = 0; j < targetTokens.length; j++) {
            into[j] = fires && targetTokens[j] > 0 ? 0 : Double.NEGATIVE_INFINITY;
        }
        for (int i = 0; i < tokens.get(source).length; i++) {
            int column = tokens.get(source)[i];
            double share = shares.get(source)[i];
            int end = byToken.end(column);
            for (int e = byToken.begin(column); e < end; e++) {
                into[byToken.row(e)] += Math.min(share, byToken.value(e));
            }
        }
    }
}
