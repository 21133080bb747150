package dev.sot.transport;

/**
 * An optimal transport plan with its certificate.
 *
 * <p>Points are numbered as in the two measures given: masses of {@link ExactTransport}, points of
 * the two {@linkplain Cloud clouds} of {@link Wasserstein}.
 *
 * <p>The plan is a vertex of the transportation polytope: it has at most n + m - 1 entries. The
 * potentials are feasible for every pair of points, {@code u_i + v_j <= c_ij} to rounding, also for
 * points without mass, so {@code sum a_i u_i + sum b_j v_j} is a lower bound on every plan's cost.
 *
 * @param cost {@code sum mass * c}: the optimum over all plans of the two normalised measures
 * @param source index of the source point of each entry; entries are sorted by (source, target)
 * @param target index of the target point of each entry
 * @param mass mass moved by each entry, positive; the masses sum to 1
 * @param sourcePotential u, one for each source point
 * @param targetPotential v, one for each target point
 * @param dualityGap an upper bound on (cost - optimum), relative to {@code sum mass |c|}, which is
 *     the cost itself where costs are not negative: what potentials in twice double precision
 *     leave. It has a floor of 2^-90 of the largest cost, so that an optimum below 1e-18 of the
 *     largest cost may have a gap above 1e-9, and one below 1e-27, such as 1e-30 where costs are
 *     about 1, one above 1: the plan is then optimal as far as can be told
 */
public record TransportPlan(
        double cost,
        int[] source,
        int[] target,
        double[] mass,
        double[] sourcePotential,
        double[] targetPotential,
        double dualityGap) {

    /**
     * What no plan between the two clouds undercuts, to rounding: {@code sum a_i u_i + sum b_j
     * v_j}, or 0 where that is negative. At most {@link #cost()}.
     *
     * @param f the source cloud of this plan
     * @param g the target cloud of this plan
     */
    public double lowerBound(Cloud f, Cloud g) {
        CompensatedSum bound = new CompensatedSum();
        for (int i = 0; i < sourcePotential.length; i++) {
            bound.add(f.weight(i) * sourcePotential[i]);
        }
        for (int j = 0; j < targetPotential.length; j++) {
            bound.add(g.weight(j) * targetPotential[j]);
        }
        return Math.max(0, Math.min(bound.value(), cost));
    }
}
