package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.match.baseline.PlantedTruth;
import java.util.Optional;
import org.neo4j.procedure.Description;

/** How one method recovers planted partners; a figure that is not defined is null. */
public final class SelfTestRow {

    @Description("The layer of the dictionary that was copied.")
    public final long layer;

    @Description("How strongly the copy's vectors were perturbed, relative to their lengths.")
    public final double sigma;

    @Description("Whether the copy's basis was rotated.")
    public final boolean rotated;

    @Description("The method, as in sot.match.compare.")
    public final String method;

    @Description("Whether the method can be used.")
    public final boolean available;

    @Description("Sources whose partner is among the targets.")
    public final long sources;

    @Description("Targets among which it is looked for.")
    public final long targets;

    @Description("Sources that are matched to their partner.")
    public final Long recovered;

    @Description("Their share.")
    public final Double recoveredShare;

    @Description("Sources whose partner was removed, or fires too seldom to be a target.")
    public final long withoutPartner;

    @Description("Matches certified at the level; null for methods without certificates.")
    public final Long certified;

    @Description("Certified matches with the partner.")
    public final Long certifiedRight;

    @Description("Certified matches of sources that have a partner, with another feature.")
    public final Long certifiedWrong;

    @Description("Certified matches of sources without a partner.")
    public final Long certifiedWithoutPartner;

    @Description("Share of the certified matches that are wrong, of both kinds.")
    public final Double wrongShare;

    @Description(
            "The activation function with which the states were encoded anew: relu, jumprelu or"
                    + " topk; null where the recorded activations were copied.")
    public final String activation;

    @Description(
            "Share of the firings that encoding without perturbation repeats; null where nothing"
                    + " was encoded.")
    public final Double repeated;

    @Description("Why a method cannot be used, or what it depends on.")
    public final String note;

    SelfTestRow(
            int layer,
            double sigma,
            boolean rotated,
            CompareMethod method,
            CompareFound found,
            PlantedTruth truth,
            int targets,
            Optional<SelfTestEncoder> encoder) {
        this.layer = layer;
        this.sigma = sigma;
        this.rotated = rotated;
        this.method = method.text();
        this.available = found.counterparts().isPresent();
        this.sources = truth.withPartner();
        this.targets = targets;
        this.withoutPartner = truth.withoutPartner();
        Optional<PlantedTruth.Recovery> recovery = found.counterparts().map(truth::recovery);
        this.recovered = recovery.map(r -> (long) r.right()).orElse(null);
        this.recoveredShare =
                recovery.map(r -> Figures.present((double) r.right() / sources)).orElse(null);
        Optional<PlantedTruth.Recovery> certain =
                found.certified().map(c -> truth.recovery(found.counterparts().get().of(c)));
        this.certified = certain.map(r -> (long) r.matches()).orElse(null);
        this.certifiedRight = certain.map(r -> (long) r.right()).orElse(null);
        this.certifiedWrong = certain.map(r -> (long) r.wrong()).orElse(null);
        this.certifiedWithoutPartner = certain.map(r -> (long) r.withoutPartner()).orElse(null);
        this.wrongShare = certain.map(r -> Figures.present(r.wrongShare())).orElse(null);
        this.activation = encoder.map(SelfTestEncoder::activation).orElse(null);
        this.repeated = encoder.map(SelfTestEncoder::repeated).orElse(null);
        this.note = found.note().orElse(null);
    }
}
