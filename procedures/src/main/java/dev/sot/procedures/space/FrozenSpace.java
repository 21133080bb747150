package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.store.Names;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.StateScale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;

/**
 * How a space places states, kept with it so that further corpora are placed alike: in a node of
 * its own, since these are long arrays.
 *
 * @param space what makes points of vectors
 * @param scales with {@code concat}, what brings each layer to the same scale
 * @param sinkLimits for each layer that is looked at, the norm beyond which a state is an outlier
 * @param excludeFirstToken whether prompts' first tokens are left out, where that was asked for
 */
record FrozenSpace(
        PrincipalSpace space,
        List<StateScale> scales,
        double[] sinkLimits,
        Optional<Boolean> excludeFirstToken) {

    /** Writes it. */
    void write(BatchWriter writer, Node spaceNode) {
        Node node = writer.tx().createNode(Names.SPACE_MAP);
        node.setProperty("mean", space.mean());
        node.setProperty("components", space.components());
        node.setProperty("variances", space.eigenvalues());
        node.setProperty("sinkLimits", sinkLimits);
        excludeFirstToken.ifPresent(e -> node.setProperty("excludeFirstToken", e));
        if (!scales.isEmpty()) {
            node.setProperty(
                    "layerMeans",
                    scales.stream().flatMapToDouble(s -> Arrays.stream(s.mean())).toArray());
            node.setProperty(
                    "layerLengths", scales.stream().mapToDouble(StateScale::length).toArray());
        }
        spaceNode.createRelationshipTo(node, Names.HAS_MAP);
        writer.wrote(8L * (space.mean().length * (2L + space.dimension())));
    }

    /**
     * Reads it.
     *
     * @throws ConfigurationException when the space keeps none
     */
    static FrozenSpace of(Node spaceNode) {
        var relationship = spaceNode.getSingleRelationship(Names.HAS_MAP, Direction.OUTGOING);
        if (relationship == null) {
            throw new ConfigurationException(
                    "the reference space '%s' was fitted before spaces kept how they place states; CALL sot.space.drop('%s'), fit it again and write its distributions"
                            .formatted(
                                    spaceNode.getProperty("name"), spaceNode.getProperty("name")));
        }
        Node node = relationship.getEndNode();
        return new FrozenSpace(
                new PrincipalSpace(
                        (double[]) node.getProperty("mean"),
                        (double[]) node.getProperty("components"),
                        (double[]) node.getProperty("variances"),
                        (Double) spaceNode.getProperty("explainedVariance"),
                        (Boolean) spaceNode.getProperty("whitened")),
                scales(node),
                (double[]) node.getProperty("sinkLimits"),
                Optional.ofNullable((Boolean) node.getProperty("excludeFirstToken", null)));
    }

    private static List<StateScale> scales(Node node) {
        double[] lengths = (double[]) node.getProperty("layerLengths", new double[0]);
        double[] means = (double[]) node.getProperty("layerMeans", new double[0]);
        List<StateScale> scales = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            int width = means.length / lengths.length;
            scales.add(
                    new StateScale(
                            Arrays.copyOfRange(means, i * width, (i + 1) * width), lengths[i]));
        }
        return scales;
    }
}
