package dev.sot.procedures.check;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.dictionary.FeatureFit;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The checks that are made feature by feature, in the order of their rows. */
enum FeatureCheck {
    FEATURES_NOT_RECORDED(
            Kind.PRESENCE,
            f -> f.recorded() ? Optional.empty() : Optional.of(1.0),
            c -> 0,
            "features that circuits name and the activations of this corpus do not cover, which"
                    + " have no distribution",
            "import a bundle with the activations of this layer"),
    FEATURES_WITHOUT_VECTORS(
            Kind.PRESENCE,
            f -> f.decoderNorm().isPresent() ? Optional.empty() : Optional.of(1.0),
            c -> 0,
            "features without encoder and decoder vectors; distances do not need them, the"
                    + " baselines that look at vectors do",
            "import a bundle with the dictionary's vectors"),
    DEAD_FEATURES(
            Kind.PRESENCE,
            f -> f.recorded() && f.activity().firings() == 0 ? Optional.of(1.0) : Optional.empty(),
            c -> 0,
            "features that never fire on the corpus and have no distribution",
            "leave them out, or record more text"),
    FEATURES_ONLY_ON_EXCLUDED(
            Kind.PRESENCE,
            f ->
                    f.activity().firings() > 0
                                    && f.activity().firings() == f.activity().excludedFirings()
                            ? Optional.of(1.0)
                            : Optional.empty(),
            c -> 0,
            "features that fire on first tokens or attention sinks only and have no distribution",
            "leave them out: they tell of the sink, not of what the text says"),
    RARE_FEATURES(
            Kind.AT_LEAST,
            f -> firing(f).map(x -> (double) x.activity().firings()),
            CheckConfig::minFirings,
            "features that fire on so few positions that their distances are uncertain",
            "record more text, or ask for more firings where features are compared"),
    DENSE_FEATURES(
            Kind.AT_MOST,
            f -> firing(f).map(x -> x.activity().density()),
            CheckConfig::maxDensity,
            "features that fire on a large share of all positions, whose distributions resemble"
                    + " that of the whole corpus",
            "read their matches and supernodes with care: dense features resemble one another"),
    FEW_EFFECTIVE_FIRINGS(
            Kind.AT_LEAST,
            f -> Optional.of(f.activity().effectiveSampleSize()).filter(size -> size > 0),
            CheckConfig::minEffectiveSampleSize,
            "features whose weight rests on few firings, (sum a)^2 / sum a^2, so that their"
                    + " distances are uncertain",
            "record more text, or trust their distances as far as their certificates go"),
    BARYCENTRE_IDENTITY(
            Kind.AT_MOST,
            fitted(FeatureFit::identityError),
            CheckConfig::maxIdentityError,
            "features whose mean state is not what the barycentre identity says, relative to its"
                    + " length",
            "features with a large directionError have atoms that were not trained to an optimum,"
                    + " or not on such states"),
    OPTIMALITY(
            Kind.AT_MOST,
            fitted(FeatureFit::optimalityResidual),
            CheckConfig::maxOptimalityResidual,
            "features whose activations would change by a large share if they were set to their"
                    + " optimum where they fire",
            "such features' strengths say little at a single position; encoders that do not"
                    + " optimise each position always leave some"),
    OFF_SUPPORT(
            Kind.AT_MOST,
            fitted(FeatureFit::offSupportViolation),
            CheckConfig::maxOffSupportViolation,
            "features that somewhere should fire and do not, by a large share of the usual"
                    + " activation",
            "where they do not fire says little; encoders that limit the number of firings always"
                    + " leave some");

    /** What is found: what there is, what is below a threshold, or what is above it. */
    private enum Kind {
        PRESENCE,
        AT_LEAST,
        AT_MOST
    }

    private final Kind kind;
    private final Function<CheckedFeature, Optional<Double>> figure;
    private final ToDoubleFunction<CheckConfig> threshold;
    private final String meaning;
    private final String remedy;

    FeatureCheck(
            Kind kind,
            Function<CheckedFeature, Optional<Double>> figure,
            ToDoubleFunction<CheckConfig> threshold,
            String meaning,
            String remedy) {
        this.kind = kind;
        this.figure = figure;
        this.threshold = threshold;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    private static Optional<CheckedFeature> firing(CheckedFeature feature) {
        return Optional.of(feature).filter(f -> f.activity().firings() > 0);
    }

    private static Function<CheckedFeature, Optional<Double>> fitted(
            Function<FeatureFit, Double> figure) {
        return f -> f.fit().map(figure).filter(Double::isFinite);
    }

    /** Its name in results. */
    String text() {
        return Configuration.name(this);
    }

    String meaning() {
        return meaning;
    }

    String remedy() {
        return remedy;
    }

    /** Whether it rests on how the dictionary fits its states. */
    boolean needsFit() {
        return this == BARYCENTRE_IDENTITY || this == OPTIMALITY || this == OFF_SUPPORT;
    }

    /** Whether it needs activations of the layer. */
    boolean needsActivations() {
        return this != FEATURES_NOT_RECORDED && this != FEATURES_WITHOUT_VECTORS;
    }

    /** The figure that is held against the threshold; empty where a feature has none. */
    Optional<Double> figure(CheckedFeature feature) {
        return kind == Kind.PRESENCE ? Optional.empty() : figure.apply(feature);
    }

    /** The threshold; empty where what is found is what there is. */
    Optional<Double> threshold(CheckConfig config) {
        return kind == Kind.PRESENCE
                ? Optional.empty()
                : Optional.of(threshold.applyAsDouble(config));
    }

    /** How bad a figure is: the larger, the worse. */
    double badness(double value) {
        return kind == Kind.AT_LEAST ? -value : value;
    }

    /** Whether a feature is counted. */
    boolean found(CheckedFeature feature, CheckConfig config) {
        return figure.apply(feature)
                .filter(value -> badness(value) > badness(threshold.applyAsDouble(config)))
                .isPresent();
    }
}
