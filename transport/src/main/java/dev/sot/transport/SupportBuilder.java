package dev.sot.transport;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Bounded supports for many features at once, by one method. */
public final class SupportBuilder {

    /** The support size used where none is asked for. */
    public static final int DEFAULT_MAX_SUPPORT = 64;

    /**
     * The method used where none is asked for: its distances are nearer to those of the full
     * distributions.
     */
    public static final SupportMethod DEFAULT_METHOD = SupportMethod.QUANTIZED;

    /** The methods by which it bounds supports. */
    public static final List<SupportMethod> METHODS =
            List.of(SupportMethod.QUANTIZED, SupportMethod.SAMPLED);

    /**
     * Firings up to which the error of a sample is computed: as the exact distance between the
     * sample and all firings, it takes longer than quantizing.
     */
    public static final int MAX_SAMPLE_ERROR_FIRINGS = 4_096;

    private final SupportMethod method;
    private final SupportSampler sampler;
    private final SupportQuantizer quantizer;

    /**
     * A builder.
     *
     * @param method sampled or quantized, for features that fire on more positions than are kept
     * @param maxSupport largest number of positions of a distribution, at least 1
     * @param seed chooses the samples; quantizing has no randomness
     */
    public SupportBuilder(SupportMethod method, int maxSupport, long seed) {
        this(method, new SupportSampler(maxSupport, seed), new SupportQuantizer(maxSupport));
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("a bounded support is sampled or quantized");
        }
    }

    private SupportBuilder(
            SupportMethod method, SupportSampler sampler, SupportQuantizer quantizer) {
        this.method = method;
        this.sampler = sampler;
        this.quantizer = quantizer;
    }

    /** A builder of exact supports, with one position for each different point. */
    public static SupportBuilder merged() {
        return new SupportBuilder(SupportMethod.MERGED, null, null);
    }

    /**
     * The supports of some features, in their order. They do not depend on each other, nor on
     * concurrency.
     *
     * @param features firings over rows of the table
     * @param points the table
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     */
    public List<Support> build(
            List<Firings> features, PointTable points, int concurrency, Monitor monitor) {
        if (method == SupportMethod.MERGED) {
            return build(
                    features,
                    concurrency,
                    monitor,
                    (firings, inner) -> SupportMerger.merge(firings, points));
        }
        if (method == SupportMethod.QUANTIZED) {
            return build(
                    features,
                    concurrency,
                    monitor,
                    (firings, inner) -> quantizer.quantize(firings, points, inner));
        }
        Geometry first = new Geometry(points, GroundCost.EUCLIDEAN, 1);
        Geometry second = new Geometry(points, GroundCost.EUCLIDEAN, 2);
        return build(
                features,
                concurrency,
                monitor,
                (firings, inner) -> sample(firings, first, second, inner));
    }

    private static List<Support> build(
            List<Firings> features,
            int concurrency,
            Monitor monitor,
            BiFunction<Firings, Monitor, Support> one) {
        Support[] supports = new Support[features.size()];
        Workers.run(
                supports.length,
                concurrency,
                monitor,
                inner -> i -> supports[i] = one.apply(features.get(i), inner));
        return Arrays.asList(supports);
    }

    private Support sample(Firings firings, Geometry first, Geometry second, Monitor monitor) {
        Support sample = sampler.sample(firings);
        if (sample.error().isPresent() || firings.size() > MAX_SAMPLE_ERROR_FIRINGS) {
            return sample;
        }
        SupportError error =
                new SupportError(
                        distance(firings, sample, first, monitor),
                        distance(firings, sample, second, monitor));
        return firings.support(sample.distribution(), SupportMethod.SAMPLED, Optional.of(error));
    }

    private static double distance(
            Firings firings, Support sample, Geometry geometry, Monitor monitor) {
        return new Wasserstein(geometry, monitor)
                .distance(
                        geometry.cloud(sample.distribution()),
                        geometry.cloud(firings.distribution()));
    }
}
