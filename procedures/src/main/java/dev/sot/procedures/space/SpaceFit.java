package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.SinkFilter;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.neo4j.graphdb.Node;

/**
 * Fits the {@code aligned} space: every position of the corpus is placed by its hidden state at one
 * reference layer, whatever the layer of the feature that fires there.
 */
final class SpaceFit {

    /** States that are projected by one product. */
    private static final int PROJECTED_TOGETHER = 512;

    private final Session session;
    private final SpaceFitConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    SpaceFit(Session session, SpaceFitConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    SpaceFitResult run() {
        return Exclusive.run(session, "reference space '" + config.name() + "'", this::fit);
    }

    private SpaceFitResult fit() {
        Node corpus = CorpusStore.require(session.tx(), config.corpus().orElse(null));
        int layer = layer(corpus);
        config.effective().put("corpus", corpus.getProperty("name"));
        config.effective().put("layer", layer);
        boolean excludeFirst =
                config.excludeFirstToken()
                        .orElseGet(() -> (Boolean) corpus.getProperty("firstTokenIsSink"));
        config.effective().put("excludeFirstToken", excludeFirst);
        String hash = contentHash(corpus, layer, excludeFirst);
        Node existing = session.tx().findNode(Names.REFERENCE_SPACE, "name", config.name());
        if (existing != null) {
            boolean complete = (Boolean) existing.getProperty("complete", false);
            if (complete && hash.equals(existing.getProperty("contentHash"))) {
                return new SpaceFitResult(existing, "unchanged", 0, 0, 0, config.effective());
            }
            if (complete && !config.replace()) {
                throw new ConfigurationException(
                        "sot.space.fit: there is a different reference space '"
                                + config.name()
                                + "' already, on corpus '"
                                + SpaceStore.corpus(existing).getProperty("name")
                                + "'; give this one another {name: ...}, or pass {replace: true} to"
                                + " replace that one with its distributions and distances");
            }
        }
        int positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        Exclusions exclusions = exclusions(corpus, layer, positions, excludeFirst);
        long preProcessingMillis = stopwatch.lap();
        int width = CorpusStore.stateDimension(session.tx(), corpus, layer);
        LinearAlgebra algebra =
                Backends.choose(config.backend(), (double) positions * width * width / 2);
        config.effective().put("backend", algebra.name());
        PrincipalSpace fitted;
        try (var tracked = session.memory().newTracker()) {
            // The scatter matrix, and its copies while eigenvectors are computed.
            tracked.allocateHeap(4L * Double.BYTES * width * width);
            fitted = fit(corpus, layer, width, exclusions.all(), algebra);
        }
        long computeMillis = stopwatch.lap();
        boolean batched = (long) positions * fitted.dimension() > 4_000_000;
        // Only now that the new space is sure to be had: a fit that fails leaves the old one.
        if (existing != null) {
            SpaceStore.delete(session, existing);
        }
        try (BatchWriter writer = BatchWriter.of(session, batched, corpus)) {
            Node space = writer.tx().createNode(Names.REFERENCE_SPACE);
            space.setProperty("name", config.name());
            space.setProperty("method", "aligned");
            space.setProperty("layer", layer);
            space.setProperty("dimension", fitted.dimension());
            space.setProperty("whitened", fitted.whitened());
            space.setProperty("explainedVariance", fitted.explainedVariance());
            space.setProperty("positions", (long) positions);
            space.setProperty("excludedFirstTokens", exclusions.firstTokens());
            space.setProperty("excludedSinks", exclusions.sinks());
            space.setProperty("contentHash", hash);
            space.setProperty("backend", algebra.name());
            space.setProperty("complete", false);
            space.createRelationshipTo(
                    writer.tx().getNodeByElementId(corpus.getElementId()), Names.FITTED_ON);
            BatchWriter.Handle handle = writer.handle(space);
            project(writer, handle, corpus, layer, fitted, exclusions.all(), algebra);
            handle.node().setProperty("complete", true);
            SpaceFitResult result =
                    new SpaceFitResult(
                            handle.node(),
                            existing == null ? "fitted" : "replaced",
                            preProcessingMillis,
                            computeMillis,
                            stopwatch.lap(),
                            config.effective());
            writer.finish();
            return result;
        }
    }

    private int layer(Node corpus) {
        List<Integer> layers = CorpusStore.stateLayers(corpus);
        if (layers.isEmpty()) {
            throw new ConfigurationException(
                    "sot.space.fit: the corpus '"
                            + corpus.getProperty("name")
                            + "' has no hidden states; import a bundle with states");
        }
        int layer = config.layer().orElse(layers.get(layers.size() - 1));
        if (!layers.contains(layer)) {
            throw new ConfigurationException(
                    "sot.space.fit: configuration key `layer` must be one of the layers with hidden"
                            + " states, "
                            + layers
                            + ", got "
                            + layer);
        }
        return layer;
    }

    private record Exclusions(BitSet all, int firstTokens, int sinks) {}

    private Exclusions exclusions(Node corpus, int layer, int positions, boolean excludeFirst) {
        double[] norms = new double[positions];
        forEachState(
                corpus,
                layer,
                "finding excluded positions",
                (position, block, offset) -> {
                    double sum = 0;
                    for (int k = 0; k < block.dimension(); k++) {
                        double value = block.values()[offset + k];
                        sum += value * value;
                    }
                    norms[position] = Math.sqrt(sum);
                });
        BitSet excluded = excludeFirst ? CorpusStore.firstTokens(corpus) : new BitSet();
        int firstTokens = excluded.cardinality();
        excluded.or(SinkFilter.sinks(norms, config.sinkFactor()));
        return new Exclusions(excluded, firstTokens, excluded.cardinality() - firstTokens);
    }

    private PrincipalSpace fit(
            Node corpus, int layer, int width, BitSet excluded, LinearAlgebra algebra) {
        PrincipalSpace.Fitter fitter =
                new PrincipalSpace.Fitter(width, algebra, config.concurrency(), session.monitor());
        forEachState(
                corpus,
                layer,
                "fitting reference space",
                (position, block, offset) -> {
                    if (!excluded.get(position)) {
                        fitter.add(block.values(), offset);
                    }
                });
        return fitter.fit(config.dimension(), config.whiten());
    }

    private void project(
            BatchWriter writer,
            BatchWriter.Handle space,
            Node corpus,
            int layer,
            PrincipalSpace fitted,
            BitSet excluded,
            LinearAlgebra algebra) {
        int positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        int width = fitted.inputDimension();
        int dimension = fitted.dimension();
        int rows = SpaceStore.rowsPerBlock(dimension);
        // Blocks of states and of points differ in length: points are cut anew, and projected as
        // many at a time as pay for a product.
        int together = Math.min(rows, PROJECTED_TOGETHER);
        float[] gathered = new float[together * width];
        float[][] points = {null};
        forEachState(
                corpus,
                layer,
                "placing positions",
                (position, block, offset) -> {
                    int row = position % rows;
                    int count = Math.min(rows, positions - (position - row));
                    if (row == 0) {
                        points[0] = new float[count * dimension];
                    }
                    int last = row % together;
                    System.arraycopy(block.values(), offset, gathered, last * width, width);
                    if (last == together - 1 || row == count - 1) {
                        float[] projected =
                                fitted.project(
                                        gathered,
                                        last + 1,
                                        algebra,
                                        config.concurrency(),
                                        session.monitor());
                        System.arraycopy(
                                projected,
                                0,
                                points[0],
                                (row - last) * dimension,
                                projected.length);
                    }
                    if (row == count - 1) {
                        SpaceStore.writeBlock(
                                writer,
                                space,
                                new CorpusStore.Block(position - row, count, dimension, points[0]),
                                excluded);
                    }
                });
    }

    private interface StateSink {
        void accept(int position, CorpusStore.Block block, int offset);
    }

    /** Passes the states of a layer, by ascending position. */
    private void forEachState(Node corpus, int layer, String task, StateSink sink) {
        long positions = (Long) corpus.getProperty("positions");
        CorpusStore.forEachStateBlock(
                session.tx(),
                corpus,
                layer,
                block -> {
                    session.monitor().check();
                    session.monitor().progress(task, block.start(), positions);
                    for (int row = 0; row < block.count(); row++) {
                        sink.accept(
                                Math.toIntExact(block.start()) + row,
                                block,
                                row * block.dimension());
                    }
                });
    }

    /** Two spaces with the same hash hold the same points, up to the rounding of a backend. */
    private String contentHash(Node corpus, int layer, boolean excludeFirst) {
        String identity =
                String.join(
                        "\n",
                        "aligned",
                        (String) corpus.getProperty("name"),
                        (String) corpus.getProperty("contentHash"),
                        Integer.toString(layer),
                        Integer.toString(config.dimension()),
                        Boolean.toString(config.whiten()),
                        Boolean.toString(excludeFirst),
                        Double.toString(config.sinkFactor()));
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(identity.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
