package dev.sot.formats;

import java.util.List;

/**
 * What is known of a supernode that is to be labelled. Every text is data from the database:
 * untrusted.
 *
 * @param compression id of the compression
 * @param partition hash of its partition
 * @param supernode the supernode's key
 * @param prompts the prompts that the circuits explain which are compressed together; none where a
 *     graph is that is no circuit
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
        List<String> prompts,
        List<Feature> features,
        int furtherFeatures,
        List<TokenShare> tokens,
        List<Link> drives,
        List<Link> drivenBy) {

    /**
     * A feature.
     *
     * @param label its label, null where it has none
     * @param prompt which of the prompts it was found in, from 0; -1 for none
     * @param layer its layer, -1 where not known
     * @param position position in that prompt, -1 where not known
     * @param token the token there, null where not known
     * @param contexts where it is most active, the token in brackets, strongest first
     */
    public record Feature(
            String label,
            int prompt,
            int layer,
            int position,
            String token,
            List<String> contexts) {}

    /** A token and its share of the features' activation. */
    public record TokenShare(String token, double share) {}

    /** A supernode at the other end of a superedge, by its label and kind. */
    public record Link(String supernode, String kind, double weight) {}
}
