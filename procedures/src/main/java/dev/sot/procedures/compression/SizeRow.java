package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.cluster.SizeCriterion;
import dev.sot.transport.cluster.SizeCurve;
import dev.sot.transport.cluster.SizePoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;

/** One cut of the hierarchy of a circuit's items. */
public final class SizeRow {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Supernodes that the items are grouped into.")
    public final long featureSupernodes;

    @Description("Smallest maxDistance that gives so few.")
    public final double height;

    @Description("Mean silhouette of the items; null with one supernode, or without distances.")
    public final Double silhouette;

    @Description(
            "Mean over items of the mean distance to all members of their supernode, themselves"
                    + " included; null without distances.")
    public final Double dispersion;

    @Description("Gap statistic; null unless size is 'gap'.")
    public final Double gap;

    @Description("Its standard error; null unless size is 'gap'.")
    public final Double gapError;

    @Description("Bits that describe the circuit's links by means of the supernodes.")
    public final double descriptionLength;

    @Description("Share of the links' absolute weight hidden inside supernodes.")
    public final double internalMass;

    @Description(
            "Share of the links' absolute weight that cancels in superedges because signs differ.")
    public final double cancelledMass;

    @Description("Share of the links' absolute weight that superedges still carry.")
    public final double retainedMass;

    @Description("The criteria that choose this size.")
    public final List<String> chosenBy;

    private SizeRow(String circuit, SizePoint point, List<String> chosenBy) {
        this.circuit = circuit;
        this.featureSupernodes = point.size();
        this.height = point.height();
        this.silhouette = Figures.present(point.silhouette());
        this.dispersion = Figures.present(point.dispersion());
        this.gap = Figures.present(point.gap());
        this.gapError = Figures.present(point.gapError());
        this.descriptionLength = point.descriptionLength();
        this.internalMass = point.internalMass();
        this.cancelledMass = point.cancelledMass();
        this.retainedMass = point.retainedMass();
        this.chosenBy = chosenBy;
    }

    /** One row a cut, most supernodes first. */
    static Stream<SizeRow> of(String circuit, SizeCurve curve) {
        Map<SizeCriterion, Integer> chosen =
                Arrays.stream(SizeCriterion.values())
                        .filter(curve::canChoose)
                        .collect(Collectors.toMap(Function.identity(), curve::choose));
        return curve.points().stream()
                .map(
                        point ->
                                new SizeRow(
                                        circuit,
                                        point,
                                        Arrays.stream(SizeCriterion.values())
                                                .filter(
                                                        c ->
                                                                chosen.getOrDefault(c, -1)
                                                                        == point.size())
                                                .map(Configuration::name)
                                                .toList()));
    }
}
