package dev.sot.formats;

import java.util.List;

/**
 * A feature as a dashboard export shows it: some windows of text that were chosen by its
 * activations, and figures of its activations on the whole corpus.
 *
 * @param model the model's name in the export
 * @param set the set of dictionaries in the export, one dictionary a layer
 * @param layer the layer
 * @param index the index in its layer
 * @param statistics figures over the whole corpus, null where the export has none
 * @param windows the windows of text
 */
public record ExportedFeature(
        String model,
        String set,
        int layer,
        long index,
        Statistics statistics,
        List<Window> windows) {

    /**
     * Figures over the whole corpus.
     *
     * @param fracNonzero share of tokens on which the feature fires; NaN where the export has none
     * @param values centres of the bars of the histogram of its firings, ascending; empty without
     *     one
     * @param heights firings in each bar
     */
    public record Statistics(double fracNonzero, double[] values, double[] heights) {}

    /**
     * A window of text.
     *
     * @param tokens texts of the tokens
     * @param values the feature's activation at each
     * @param binMin lower end of the interval of activations that the window was drawn for; NaN for
     *     the top activations
     * @param binMax upper end
     * @param binContains share of all tokens of the corpus with an activation in the interval
     */
    public record Window(
            List<String> tokens,
            double[] values,
            double binMin,
            double binMax,
            double binContains) {
        public Window {
            tokens = List.copyOf(tokens);
        }
    }
}
