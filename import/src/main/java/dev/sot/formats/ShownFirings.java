package dev.sot.formats;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The firings that an export shows of one feature, each once, in windows cut to what surrounds
 * them.
 *
 * @param windows the distinct windows in which the feature fires
 * @param values the activations, in the order of the windows and in each by place
 * @param duplicateWindows windows that repeat another's tokens; they are left out
 * @param silentWindows windows in which the feature does not fire; they are left out
 * @param sinkFirings firings on a first token that marks the beginning of text; they are left out
 * @param shownTokens tokens in distinct windows, with the silent ones
 */
public record ShownFirings(
        List<Window> windows,
        double[] values,
        int duplicateWindows,
        int silentWindows,
        int sinkFirings,
        int shownTokens) {

    private static final Set<String> BEGINNINGS =
            Set.of(
                    "<bos>",
                    "<s>",
                    "[BOS]",
                    "<|endoftext|>",
                    "<|begin_of_text|>",
                    "<|startoftext|>",
                    "<|im_start|>",
                    "<|im_end|>");

    /**
     * A part of a window.
     *
     * @param first place in the whole window of the first token kept
     * @param tokens the tokens kept
     * @param places places of the firings among them, ascending
     */
    public record Window(int first, List<String> tokens, int[] places) {}

    /**
     * Those of a feature.
     *
     * @param context tokens to keep on either side of firings
     */
    public static ShownFirings of(ExportedFeature feature, int context) {
        List<Window> windows = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        int duplicates = 0;
        int silent = 0;
        int sinks = 0;
        int shown = 0;
        for (ExportedFeature.Window window : feature.windows()) {
            List<String> tokens = window.tokens();
            if (!seen.add(tokens)) {
                duplicates++;
                continue;
            }
            shown += tokens.size();
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < tokens.size(); i++) {
                if (window.values()[i] > 0) {
                    if (i == 0 && BEGINNINGS.contains(tokens.get(0))) {
                        sinks++;
                    } else {
                        places.add(i);
                        values.add(window.values()[i]);
                    }
                }
            }
            if (places.isEmpty()) {
                silent++;
                continue;
            }
            int first = (int) Math.max(0L, (long) places.get(0) - context);
            long reach = (long) places.get(places.size() - 1) + context + 1;
            int end = (int) Math.min(tokens.size(), reach);
            windows.add(
                    new Window(
                            first,
                            List.copyOf(tokens.subList(first, end)),
                            places.stream().mapToInt(p -> p - first).toArray()));
        }
        return new ShownFirings(
                windows,
                values.stream().mapToDouble(Double::doubleValue).toArray(),
                duplicates,
                silent,
                sinks,
                shown);
    }

    /**
     * Intervals of activations and the share of the corpus's tokens that fire in each.
     *
     * @param upper upper ends, ascending
     * @param mass shares
     */
    public record Intervals(double[] upper, double[] mass) {}

    /**
     * The intervals for which an export drew its windows; of the lowest, which holds the tokens on
     * which the feature is silent too, what the share of firing tokens leaves. Null where the
     * export does not tell these.
     */
    public static Intervals intervals(ExportedFeature feature) {
        double frac =
                feature.statistics() == null ? Double.NaN : feature.statistics().fracNonzero();
        Map<Double, Double> contains = new TreeMap<>();
        double lowest = Double.POSITIVE_INFINITY;
        for (ExportedFeature.Window window : feature.windows()) {
            if (!Double.isNaN(window.binContains())) {
                contains.put(window.binMax(), window.binContains());
                lowest = Math.min(lowest, window.binMin());
            }
        }
        if (contains.isEmpty() || !(frac > 0)) {
            return null;
        }
        double[] upper = contains.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        double[] mass = contains.values().stream().mapToDouble(Double::doubleValue).toArray();
        if (lowest <= 0) {
            double others = 0;
            for (int b = 1; b < mass.length; b++) {
                others += mass[b];
            }
            mass[0] = Math.max(0, frac - others);
        }
        return new Intervals(upper, mass);
    }
}
