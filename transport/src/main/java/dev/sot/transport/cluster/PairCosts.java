package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * The problem of {@link CorrelationClustering} with items that must link made into one unit.
 *
 * @param units number of units
 * @param unit unit of each item, numbered in the order of their smallest items
 * @param size what each unit counts towards the size of its group
 * @param maxSize largest size of a group of more than one unit
 * @param cost sum of distance - threshold between the items of two units, condensed; NaN if they
 *     must not share a group
 * @param mass sum of masses between the items of two units, condensed; empty without masses
 * @param fixedCost sum of distance - threshold over the pairs within units
 * @param fixedMass sum of masses over the pairs within units
 */
record PairCosts(
        int units,
        int[] unit,
        long[] size,
        long maxSize,
        double[] cost,
        double[] mass,
        double fixedCost,
        double fixedMass) {

    static PairCosts of(
            double[] condensed,
            int n,
            Constraints constraints,
            CorrelationClustering.Options options,
            Monitor monitor) {
        int[] component = new int[n];
        Arrays.setAll(component, constraints::component);
        int[] unit = Labels.inOrder(component);
        int units = Arrays.stream(unit).max().getAsInt() + 1;
        long[] size = new long[units];
        for (int i = 0; i < n; i++) {
            size[unit[i]] += constraints.size(i);
        }
        double[] cost = new double[Condensed.length(units)];
        double[] mass = new double[options.mass().length == 0 ? 0 : cost.length];
        double fixedCost = 0;
        double fixedMass = 0;
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                double pairMass = mass.length == 0 ? 0 : options.mass()[pair];
                if (unit[i] == unit[j]) {
                    fixedCost += condensed[pair] - options.threshold();
                    fixedMass += pairMass;
                    continue;
                }
                int slot = Condensed.index(unit[i], unit[j], units);
                cost[slot] +=
                        constraints.apart(i, j)
                                ? Double.NaN
                                : condensed[pair] - options.threshold();
                if (mass.length > 0) {
                    mass[slot] += pairMass;
                }
            }
        }
        for (int[] pairApart : constraints.cannotLink()) {
            cost[Condensed.index(unit[pairApart[0]], unit[pairApart[1]], units)] = Double.NaN;
        }
        return new PairCosts(
                units, unit, size, constraints.maximumSize(), cost, mass, fixedCost, fixedMass);
    }

    double cost(int u, int v) {
        return cost[Condensed.index(u, v, units)];
    }

    double mass(int u, int v) {
        return mass.length == 0 ? 0 : mass[Condensed.index(u, v, units)];
    }
}
