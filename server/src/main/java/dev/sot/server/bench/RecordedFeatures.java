package dev.sot.server.bench;

import dev.sot.formats.ActivationBundle;
import dev.sot.formats.ActivationBundle.Dictionary;
import dev.sot.formats.ActivationBundle.DictionaryLayer;
import dev.sot.formats.ActivationBundle.States;
import dev.sot.formats.ReadListener;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.SinkFilter;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.Moments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The features of an activation bundle as distributions in its {@code aligned} space, as {@code
 * sot.space.fit({method: 'aligned'})} and {@code sot.distributions.write()} make them: last layer
 * with states, whitened, first tokens that are sinks and overlong states left out, supports
 * quantized.
 *
 * @param points the positions in the space
 * @param bounded a distribution a feature, on a bounded support
 * @param whole the same features on all their firings
 */
record RecordedFeatures(PointTable points, List<Distribution> bounded, List<Distribution> whole) {

    private static final int BLOCK = 1024;

    /**
     * Reads a bundle.
     *
     * @param directory of the bundle
     * @param dimension principal components to keep
     * @param support most points of a bounded support
     * @throws dev.sot.formats.FormatException if it is no bundle
     */
    static RecordedFeatures read(Path directory, int dimension, int support) {
        ActivationBundle bundle =
                ActivationBundle.open(directory, directory.toString(), ReadListener.NONE);
        States states = bundle.states().get(bundle.states().size() - 1);
        BitSet excluded = excluded(bundle, states);
        Moments moments = new Moments(states.dimension(), Backends.java(), 1, Monitor.NONE);
        bundle.readStates(
                states.layer(),
                BLOCK,
                (start, rows, width, values) -> {
                    for (int row = 0; row < rows; row++) {
                        if (!excluded.get(Math.toIntExact(start) + row)) {
                            moments.add(values, row * width);
                        }
                    }
                });
        PrincipalSpace space =
                PrincipalSpace.of(moments, dimension, true, Backends.java(), 1, Monitor.NONE);
        float[] points = new float[bundle.positions() * space.dimension()];
        bundle.readStates(
                states.layer(),
                BLOCK,
                (start, rows, width, values) -> {
                    float[] block = space.project(values, rows, Backends.java(), 1, Monitor.NONE);
                    System.arraycopy(
                            block,
                            0,
                            points,
                            Math.toIntExact(start) * space.dimension(),
                            block.length);
                });
        List<Firings> features = new ArrayList<>();
        for (Dictionary dictionary : bundle.dictionaries()) {
            for (DictionaryLayer layer : dictionary.layers()) {
                if (layer.hasActivations()) {
                    bundle.readActivations(
                            dictionary.name(),
                            layer.layer(),
                            (feature, positions, values) ->
                                    Firings.of(
                                                    key(dictionary, layer, feature),
                                                    positions,
                                                    values,
                                                    excluded)
                                            .ifPresent(features::add));
                }
            }
        }
        PointTable table = new PointTable(space.dimension(), points);
        // Quantized supports need no seed.
        List<Support> supports =
                new SupportBuilder(SupportBuilder.DEFAULT_METHOD, support, 0)
                        .build(features, table, 1, Monitor.NONE);
        return new RecordedFeatures(
                table,
                supports.stream().map(Support::distribution).toList(),
                features.stream().map(Firings::distribution).toList());
    }

    private static String key(Dictionary dictionary, DictionaryLayer layer, int feature) {
        return dictionary.name() + "/" + layer.layer() + "/" + feature;
    }

    private static BitSet excluded(ActivationBundle bundle, States states) {
        double[] norms = new double[bundle.positions()];
        bundle.readStates(
                states.layer(),
                BLOCK,
                (start, rows, width, values) -> {
                    for (int row = 0; row < rows; row++) {
                        double sum = 0;
                        for (int k = 0; k < width; k++) {
                            double value = values[row * width + k];
                            sum += value * value;
                        }
                        norms[Math.toIntExact(start) + row] = Math.sqrt(sum);
                    }
                });
        BitSet excluded = SinkFilter.sinks(norms, SinkFilter.DEFAULT_FACTOR);
        if (bundle.firstTokenIsSink()) {
            bundle.forEachPosition(
                    (index, prompt, position, id, token) -> {
                        if (position == 0) {
                            excluded.set(index);
                        }
                    });
        }
        return excluded;
    }
}
