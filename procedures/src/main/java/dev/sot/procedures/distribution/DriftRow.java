package dev.sot.procedures.distribution;

import dev.sot.transport.Firings;
import dev.sot.transport.match.Drift;
import java.util.Optional;
import org.neo4j.procedure.Description;

/** How far one feature's distribution has moved. */
public final class DriftRow {

    @Description("Key of the feature.")
    public final String feature;

    @Description(
            "Distance of its distributions over the two; null when it fires in one of them only.")
    public final Double distance;

    @Description(
            "How far the distance of all firings can be from it; null when not known, as with the"
                    + " cosine.")
    public final Double supportError;

    @Description(
            "Noise floor: mean distance when the prompts of both are divided anew at random, into"
                    + " as many.")
    public final Double noise;

    @Description("distance - noise.")
    public final Double excess;

    @Description(
            "Share of the divisions, the real one among them, that are at least as far apart: the"
                    + " probability of such a distance, at most, if nothing has moved.")
    public final Double pValue;

    @Description("Whether the distance is larger than that of every random division.")
    public final Boolean beyondNoise;

    @Description("Firings in the first, without excluded positions.")
    public final long fromFirings;

    @Description("Firings in the second.")
    public final long toFirings;

    @Description("Share of the first's positions on which it fires.")
    public final double fromDensity;

    @Description("Share of the second's.")
    public final double toDensity;

    DriftRow(
            String feature,
            Optional<Drift> drift,
            Optional<Double> supportError,
            double leastPValue,
            Optional<Firings> from,
            long fromPositions,
            Optional<Firings> to,
            long toPositions) {
        this.feature = feature;
        this.distance = drift.map(Drift::distance).orElse(null);
        this.supportError = supportError.orElse(null);
        this.noise = drift.map(Drift::noise).orElse(null);
        this.excess = drift.map(d -> d.distance() - d.noise()).orElse(null);
        this.pValue = drift.map(Drift::pValue).orElse(null);
        this.beyondNoise = drift.map(d -> d.pValue() <= leastPValue).orElse(null);
        this.fromFirings = from.map(Firings::size).orElse(0);
        this.toFirings = to.map(Firings::size).orElse(0);
        this.fromDensity = (double) fromFirings / fromPositions;
        this.toDensity = (double) toFirings / toPositions;
    }
}
