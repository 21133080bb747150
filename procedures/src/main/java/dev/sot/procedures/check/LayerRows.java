package dev.sot.procedures.check;

import dev.sot.procedures.check.CheckRow.Counted;
import dev.sot.procedures.check.CheckRow.Place;
import dev.sot.procedures.check.CheckRow.Status;
import dev.sot.transport.SinkFilter;
import dev.sot.transport.dictionary.DictionaryFit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of one layer of a dictionary. */
final class LayerRows {

    /** Share of the variance above which a dictionary is not one of the states it is held to. */
    private static final double MAX_UNEXPLAINED = 0.5;

    private final CheckConfig config;
    private final Place place;
    private final CheckedLayer layer;
    private final boolean active;

    LayerRows(CheckConfig config, String corpus, CheckedLayer layer) {
        this.config = config;
        this.place = new Place(corpus, layer.dictionary(), (long) layer.layer());
        this.layer = layer;
        this.active = layer.features().stream().anyMatch(f -> f.activity().firings() > 0);
    }

    /** One row a check. */
    List<CheckRow> rows() {
        List<CheckRow> rows = new ArrayList<>();
        for (FeatureCheck check : FeatureCheck.values()) {
            if (check == FeatureCheck.BARYCENTRE_IDENTITY) {
                rows.add(reconstruction());
            }
            boolean impossible =
                    check.needsFit() ? layer.fit().isEmpty() : check.needsActivations() && !active;
            rows.add(impossible ? unavailable(check.text()) : row(check));
        }
        return rows;
    }

    private CheckRow unavailable(String check) {
        Obstacle obstacle = layer.obstacle().orElseThrow();
        return new CheckRow(
                place,
                check,
                Status.UNAVAILABLE,
                Counted.NOTHING,
                List.of(),
                obstacle.why(),
                obstacle.remedy(),
                Map.of());
    }

    private record Figure(CheckedFeature feature, double badness, Optional<Double> value) {}

    private CheckRow row(FeatureCheck check) {
        List<Figure> worstFirst =
                layer.features().stream()
                        .map(
                                f ->
                                        new Figure(
                                                f,
                                                check.figure(f)
                                                        .map(check::badness)
                                                        .orElse(Double.NEGATIVE_INFINITY),
                                                check.figure(f)))
                        // Stable: of equal ones the lower index first.
                        .sorted(Comparator.comparingDouble(f -> -f.badness()))
                        .toList();
        double[] values =
                worstFirst.stream()
                        .flatMap(f -> f.value().stream())
                        .mapToDouble(Double::doubleValue)
                        .toArray();
        List<CheckedFeature> found =
                worstFirst.stream()
                        .map(Figure::feature)
                        .filter(f -> check.found(f, config))
                        .toList();
        return new CheckRow(
                place,
                check.text(),
                Status.of(!found.isEmpty()),
                new Counted(
                        (long) found.size(),
                        (long)
                                (check.threshold(config).isPresent()
                                        ? values.length
                                        : layer.features().size()),
                        values.length == 0 ? null : SinkFilter.median(values),
                        values.length == 0 ? null : values[0],
                        check.threshold(config).orElse(null)),
                found.stream().limit(CheckRow.EXAMPLES).map(CheckedFeature::key).toList(),
                check.meaning(),
                check.remedy(),
                check.needsFit() ? details(layer.fit().orElseThrow()) : Map.of());
    }

    private static Map<String, Object> details(DictionaryFit fit) {
        return Map.of(
                "lambda", fit.lambda(),
                "lambdaGiven", fit.lambdaGiven(),
                "activationScale", fit.activationScale(),
                "positions", fit.positions(),
                "offSupportPositions", fit.lookedAt());
    }

    private CheckRow reconstruction() {
        if (layer.fit().isEmpty()) {
            return unavailable("reconstruction");
        }
        double unexplained = layer.fit().get().unexplained();
        return new CheckRow(
                place,
                "reconstruction",
                Status.of(!(unexplained <= MAX_UNEXPLAINED)),
                new Counted(null, null, null, unexplained, MAX_UNEXPLAINED),
                List.of(),
                "share of the states' variance that the dictionary leaves unexplained",
                "the dictionary was made for other states: see whether hook, scaling and"
                        + " normalisation are those that it was trained on",
                details(layer.fit().get()));
    }
}
