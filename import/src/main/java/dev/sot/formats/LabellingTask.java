package dev.sot.formats;

import java.util.List;

/**
 * What is known of a supernode that is to be labelled. Every text is data from the database:
 * untrusted.
 *
 * @param compression id of the compression
 * @param partition hash of its partition
 * @param supernode the supernode's key
 * @param prompt the prompt that the circuit explains
 * @param features the features in it, the most influential first
 * @param furtherFeatures how many more there are
 * @param tokens the tokens on which the features are most active
 * @param drives what it drives, strongest first
 * @param drivenBy what drives it, strongest first
 */
public record LabellingTask(
        String compression,
        String partition,
        String supernode,
        String prompt,
        List<Feature> features,
        int furtherFeatures,
        List<TokenShare> tokens,
        List<Link> drives,
        List<Link> drivenBy) {

    /**
     * A feature.
     *
     * @param label its label, null where it has none
     * @param layer its layer
     * @param position position in the circuit's prompt
     * @param token the token there, null where the circuit does not say it
     * @param contexts where it is most active, the token in brackets, strongest first
     */
    public record Feature(
            String label, int layer, int position, String token, List<String> contexts) {}

    /** A token and its share of the features' activation. */
    public record TokenShare(String token, double share) {}

    /** A supernode at the other end of a superedge, by its label and kind. */
    public record Link(String supernode, String kind, double weight) {}
}
