package dev.sot.procedures.check;

import dev.sot.transport.dictionary.DictionaryFit;
import dev.sot.transport.dictionary.FeatureFit;
import java.util.List;
import java.util.Optional;
import org.neo4j.procedure.Description;

/** What the checks say of one feature. */
public final class FeatureCheckRow {

    @Description("The corpus.")
    public final String corpus;

    @Description("Key of the feature.")
    public final String feature;

    @Description("Positions on which it fires.")
    public final long firings;

    @Description("Of these, positions that distributions leave out.")
    public final long excludedFirings;

    @Description("Share of the corpus's positions on which it fires.")
    public final double density;

    @Description("(sum a)^2 / sum a^2 over the firings that count; 0 without any.")
    public final double effectiveSampleSize;

    @Description("Norm of its decoder vector; null without vectors.")
    public final Double decoderNorm;

    @Description("Its own multiplier <d, rho>; null where it cannot be computed.")
    public final Double lambda;

    @Description("The multiplier of all features of the layer, given or estimated.")
    public final Double layerLambda;

    @Description("Error of the barycentre identity with the layer's multiplier.")
    public final Double identityError;

    @Description("Error of the barycentre identity with the feature's own multiplier.")
    public final Double directionError;

    @Description("How far activations are from optimal ones where it fires.")
    public final Double optimalityResidual;

    @Description("How far they are where it does not fire, at worst.")
    public final Double offSupportViolation;

    @Description("Why the last figures are null; null where they are not.")
    public final String unavailable;

    @Description("The checks of sot.check that it is counted in.")
    public final List<String> verdicts;

    FeatureCheckRow(
            String corpus, CheckedLayer layer, CheckedFeature checked, List<String> verdicts) {
        this.corpus = corpus;
        this.feature = checked.key();
        this.firings = checked.activity().firings();
        this.excludedFirings = checked.activity().excludedFirings();
        this.density = checked.activity().density();
        this.effectiveSampleSize = checked.activity().effectiveSampleSize();
        Optional<FeatureFit> fit = checked.fit();
        this.decoderNorm = checked.decoderNorm().orElse(null);
        this.lambda = figure(fit.map(FeatureFit::lambda));
        this.layerLambda = figure(layer.fit().map(DictionaryFit::lambda));
        this.identityError = figure(fit.map(FeatureFit::identityError));
        this.directionError = figure(fit.map(FeatureFit::directionError));
        this.optimalityResidual = figure(fit.map(FeatureFit::optimalityResidual));
        this.offSupportViolation = figure(fit.map(FeatureFit::offSupportViolation));
        this.unavailable = layer.obstacle().map(Obstacle::why).orElse(null);
        this.verdicts = verdicts;
    }

    private static Double figure(Optional<Double> value) {
        return value.filter(Double::isFinite).orElse(null);
    }
}
