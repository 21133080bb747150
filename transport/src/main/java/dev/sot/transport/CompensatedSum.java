package dev.sot.transport;

/**
 * Neumaier's compensated summation: an error of about one rounding, whatever the order of terms.
 */
public final class CompensatedSum {

    private double sum;
    private double compensation;

    void add(double term) {
        double next = sum + term;
        compensation += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }

    double value() {
        return sum + compensation;
    }

    /** What {@link #value} is short of, so that a sum can be gone on with. */
    double rounding() {
        double value = value();
        double added = value - sum;
        return (sum - (value - added)) + (compensation - added);
    }

    /**
     * The weights divided by their sum. They are divided by their maximum first, so that neither
     * very large nor very small ones overflow or vanish, and a common factor changes nothing beyond
     * rounding.
     */
    public static double[] normalise(double[] weights) {
        double max = 0;
        for (double weight : weights) {
            max = Math.max(max, weight);
        }
        double[] normalised = new double[weights.length];
        CompensatedSum total = new CompensatedSum();
        for (int i = 0; i < weights.length; i++) {
            normalised[i] = weights[i] / max;
            total.add(normalised[i]);
        }
        double sum = total.value();
        for (int i = 0; i < weights.length; i++) {
            normalised[i] /= sum;
        }
        return normalised;
    }
}
