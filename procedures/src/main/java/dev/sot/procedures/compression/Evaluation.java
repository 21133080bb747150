package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.distance.GroundCosts;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Coactivation;
import dev.sot.transport.circuit.PartitionMass;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.Agreement;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.Directions;
import dev.sot.transport.cluster.EdgeProfiles;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;

/**
 * Compares a compression with other partitions of the same nodes: its feature nodes that have a
 * distribution are regrouped, everything else stays as the compression has it, and every partition
 * is measured in the same way.
 */
final class Evaluation {

    private final Session session;
    private final EvaluationConfig config;

    private LoadedCircuit circuit;
    private NodeDistances nodes;
    private int[] assignment;
    private int[] items;
    private int[] rowOfItem;
    private double[] distances;
    private double[] correlations;
    private Object[] reference;

    Evaluation(Session session, EvaluationConfig config) {
        this.session = session;
        this.config = config;
    }

    List<EvaluationRow> run(String id) {
        try (Heap heap = session.heap()) {
            return rows(id, heap);
        }
    }

    private List<EvaluationRow> rows(String id, Heap heap) {
        Node compression = CompressionStore.require(session.tx(), id);
        load(compression, heap);
        int[] own = Baselines.byKey(Arrays.stream(items).mapToObj(v -> assignment[v]).toArray());
        int[] sizes = sizes(own);
        List<EvaluationRow> rows = new ArrayList<>();
        rows.add(row("compression", own, true));
        rows.add(random(own));
        rows.add(
                row(
                        "edgeProfile",
                        Baselines.sizeMatched(
                                EdgeProfiles.distances(circuit.graph(), items, session.monitor()),
                                items.length,
                                sizes,
                                session.monitor()),
                        true));
        rows.add(
                decoderVectors()
                        .map(
                                vectors ->
                                        row(
                                                "decoderCosine",
                                                Baselines.sizeMatched(
                                                        Directions.distances(
                                                                vectors, session.monitor()),
                                                        items.length,
                                                        sizes,
                                                        session.monitor()),
                                                true))
                        .orElseGet(
                                () ->
                                        new EvaluationRow(
                                                "decoderCosine",
                                                null,
                                                true,
                                                PartitionFigures.undefined())));
        rows.add(
                row(
                        "layerPosition",
                        Baselines.byKey(
                                Arrays.stream(items)
                                        .mapToObj(
                                                v ->
                                                        List.of(
                                                                circuit.layer()[v],
                                                                circuit.position()[v]))
                                        .toArray()),
                        false));
        return rows;
    }

    private void load(Node compression, Heap heap) {
        circuit = LoadedCircuit.of(CompressionStore.circuits(compression));
        assignment = CompressionStore.assignment(compression, circuit.nodes());
        nodes =
                NodeDistances.of(
                        session, heap, circuit, distance(compression), config.concurrency());
        Object fitted = nodes.features().clouds().space().getProperty("contentHash");
        if (!fitted.equals(compression.getProperty("spaceHash", fitted))) {
            throw new ConfigurationException(
                    "sot.evaluate: the reference space '"
                            + nodes.features().clouds().spaceName()
                            + "' was replaced after compression '"
                            + compression.getProperty("id")
                            + "' was made in it; compress the circuit again");
        }
        rowOfItem =
                IntStream.range(0, nodes.clustered().length)
                        .filter(i -> assignment[nodes.clustered()[i]] >= 0)
                        .toArray();
        items = Arrays.stream(rowOfItem).map(i -> nodes.clustered()[i]).toArray();
        if (items.length < 2) {
            throw new ConfigurationException(
                    "sot.evaluate: fewer than two feature nodes of compression '"
                            + compression.getProperty("id")
                            + "' have a distribution in the reference space '"
                            + nodes.features().clouds().spaceName()
                            + "'; import activations of its dictionary, then CALL"
                            + " sot.distributions.write()");
        }
        distances = new double[items.length * (items.length - 1) / 2];
        int next = 0;
        for (int i = 0; i < items.length; i++) {
            for (int j = i + 1; j < items.length; j++) {
                distances[next++] =
                        nodes.features()
                                .matrix()
                                .get(nodes.feature()[rowOfItem[i]], nodes.feature()[rowOfItem[j]]);
            }
        }
        correlations = correlations();
        reference = reference();
    }

    /** The distance that the compression was made with; for one made by hand the configured one. */
    private DistanceConfig distance(Node compression) {
        if (!compression.hasProperty("space")) {
            return config.distance();
        }
        return new DistanceConfig(
                Optional.of((String) compression.getProperty("space")),
                ((Number) compression.getProperty("order")).intValue(),
                GroundCosts.named((String) compression.getProperty("groundCost")));
    }

    private double[] correlations() {
        Node corpus = SpaceStore.corpus(nodes.features().clouds().space());
        List<int[]> positions = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (Node feature : nodes.features().clouds().features()) {
            CorpusStore.FeatureActivations activations =
                    CorpusStore.activations(
                            session.tx(),
                            (String) feature.getProperty("key"),
                            (String) corpus.getProperty("name"));
            positions.add(activations.positions());
            values.add(activations.values());
        }
        return Coactivation.correlations(
                positions, values, (Long) corpus.getProperty("positions"), session.monitor());
    }

    /** What the reference says of each item, null where it says nothing. */
    private Object[] reference() {
        if (config.reference().isPresent()) {
            int[] other =
                    CompressionStore.assignment(
                            CompressionStore.require(session.tx(), config.reference().get()),
                            circuit.nodes());
            return Arrays.stream(items)
                    .mapToObj(v -> other[v] < 0 ? null : (Object) other[v])
                    .toArray();
        }
        if (config.referenceProperty().isPresent()) {
            return Arrays.stream(items)
                    .mapToObj(
                            v ->
                                    circuit.features()[v].getProperty(
                                            config.referenceProperty().get(), null))
                    .toArray();
        }
        return new Object[items.length];
    }

    private static int[] sizes(int[] group) {
        int[] sizes = new int[Arrays.stream(group).max().orElseThrow() + 1];
        for (int g : group) {
            sizes[g]++;
        }
        return sizes;
    }

    private EvaluationRow random(int[] own) {
        List<PartitionFigures> draws = new ArrayList<>();
        for (int draw = 0; draw < config.draws(); draw++) {
            draws.add(figures(Baselines.randomSameSizes(own, config.seed() + draw)));
        }
        return new EvaluationRow(
                "random", (long) sizes(own).length, true, PartitionFigures.mean(draws));
    }

    private EvaluationRow row(String name, int[] group, boolean sameSizes) {
        return new EvaluationRow(name, (long) sizes(group).length, sameSizes, figures(group));
    }

    private PartitionFigures figures(int[] group) {
        session.monitor().check();
        PartitionQuality quality = PartitionQuality.of(distances, items.length, group);
        int[] whole = assignment.clone();
        int offset = Arrays.stream(assignment).max().orElseThrow() + 1;
        for (int i = 0; i < items.length; i++) {
            whole[items[i]] = offset + group[i];
        }
        PartitionMass mass = Quotient.of(circuit.graph(), whole).mass();
        int[] known = IntStream.range(0, items.length).filter(i -> reference[i] != null).toArray();
        boolean compared = config.reference().isPresent() || config.referenceProperty().isPresent();
        Agreement agreement =
                Agreement.of(
                        Arrays.stream(known).map(i -> group[i]).toArray(),
                        Baselines.byKey(
                                Arrays.stream(known).mapToObj(i -> reference[i]).toArray()));
        return new PartitionFigures(
                quality.within(),
                quality.between(),
                quality.silhouette(),
                coactivation(group),
                mass.internalMass(),
                mass.cancelledMass(),
                mass.retainedMass(),
                mass.largestCycle(),
                agreement.adjustedRand(),
                agreement.normalizedMutualInformation(),
                agreement.pairF1(),
                compared ? known.length : Double.NaN);
    }

    /** Mean correlation over pairs of items in one group that are of different features. */
    private double coactivation(int[] group) {
        int features = nodes.features().clouds().features().size();
        double sum = 0;
        long pairs = 0;
        for (int i = 0; i < items.length; i++) {
            for (int j = i + 1; j < items.length; j++) {
                int f = Math.min(featureOf(i), featureOf(j));
                int g = Math.max(featureOf(i), featureOf(j));
                if (group[i] == group[j] && f != g) {
                    double correlation = correlations[f * features - f * (f + 1) / 2 + (g - f - 1)];
                    if (!Double.isNaN(correlation)) {
                        sum += correlation;
                        pairs++;
                    }
                }
            }
        }
        return pairs == 0 ? Double.NaN : sum / pairs;
    }

    private int featureOf(int item) {
        return nodes.feature()[rowOfItem[item]];
    }

    /** The items' decoder vectors, when all have one of the same length. */
    private Optional<float[][]> decoderVectors() {
        float[][] vectors = new float[items.length][];
        for (int i = 0; i < items.length; i++) {
            Node feature = circuit.features()[items[i]];
            if (!feature.hasRelationship(Direction.OUTGOING, Names.HAS_VECTORS)) {
                return Optional.empty();
            }
            vectors[i] =
                    (float[])
                            feature.getSingleRelationship(Names.HAS_VECTORS, Direction.OUTGOING)
                                    .getEndNode()
                                    .getProperty("decoder");
            if (vectors[i].length != vectors[0].length) {
                return Optional.empty();
            }
        }
        return Optional.of(vectors);
    }
}
