package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.match.MatchProblem.Population;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Matches features and says how far each match stands out, beside features that have no partner:
 * each feature of the source's population, and of the target's, looked for among the others of its
 * own. What is found out about pairs serves all that is asked of one matching. Not thread-safe.
 */
public final class Matching {

    private final MatchProblem problem;
    private final Correction correction;
    private final int concurrency;
    private final Blocks blocks;
    private final PairMemory memory;
    private final BlockSearch searches;
    private final Map<Cloud, Double> reductions;
    private final TwoWaySearch search;
    private final Rivals rivals;
    private List<Nulls> nulls;

    /**
     * A matching.
     *
     * @param problem what is matched
     * @param correction of distances for features that are near to everything
     * @param concurrency number of threads
     * @param blocks how the long computations are done
     */
    public Matching(MatchProblem problem, Correction correction, int concurrency, Blocks blocks) {
        this.problem = problem;
        this.correction = correction;
        this.concurrency = concurrency;
        this.blocks = blocks;
        List<Cloud> clouds = problem.clouds();
        this.memory = new PairMemory(clouds, problem.pairs());
        this.searches = new BlockSearch(problem.geometry(), memory, concurrency, blocks);
        this.reductions = computeReductions(clouds);
        this.search =
                search("matches", sources(), targets(), BlockSearch.self(sources(), targets()));
        this.rivals = new Rivals(problem, searches, search);
    }

    private List<Cloud> sources() {
        return problem.sources().clouds();
    }

    private List<Cloud> targets() {
        return problem.targets().clouds();
    }

    /** What the distances of each cloud are reduced by. */
    private Map<Cloud, Double> computeReductions(List<Cloud> clouds) {
        Map<Cloud, Double> reductions = new IdentityHashMap<>();
        clouds.forEach(cloud -> reductions.put(cloud, 0.0));
        if (correction == Correction.BACKGROUND) {
            double[] taken =
                    blocks.compute(
                            "background",
                            clouds.size(),
                            1,
                            (from, to, monitor) ->
                                    Background.reductions(
                                            problem.geometry(),
                                            problem.background(),
                                            clouds.subList(from, to),
                                            concurrency,
                                            monitor));
            for (int i = 0; i < taken.length; i++) {
                reductions.put(clouds.get(i), taken[i]);
            }
        }
        return reductions;
    }

    private TwoWaySearch search(String name, List<Cloud> rows, List<Cloud> columns, int[] self) {
        return new TwoWaySearch(
                name, searches, rows, columns, self, reductions(rows), reductions(columns));
    }

    private double[] reductions(List<Cloud> clouds) {
        return clouds.stream().mapToDouble(reductions::get).toArray();
    }

    /**
     * All matches by source and rank. With {@link Assignment#MUTUAL} also those that are not
     * mutual: their p-values count for the q-values of the others.
     *
     * @param assignment which targets are a source's matches
     * @param k how many of them, 1 unless the assignment is {@link Assignment#NEAREST}
     */
    public List<Match> matches(Assignment assignment, int k) {
        return certified(mutual(assignment == Assignment.ONE_TO_ONE ? assigned() : ranked(k)));
    }

    private List<Match> ranked(int k) {
        List<Neighbours> best = search.best(k + 1);
        List<Match> matches = new ArrayList<>();
        for (int source = 0; source < best.size(); source++) {
            Neighbours row = best.get(source);
            for (int i = 0; i < Math.min(k, row.size()); i++) {
                matches.add(
                        match(
                                source,
                                row.targets()[i],
                                i + 1,
                                row.distances()[i],
                                i + 1 < row.size() ? row.targets()[i + 1] : -1));
            }
        }
        return matches;
    }

    private List<Match> assigned() {
        List<Neighbours> best = search.best(2);
        double[] assigned = blocks.computeWhole("assignment", best.size(), 2, this::assign);
        List<Match> matches = new ArrayList<>();
        for (int source = 0; source < best.size(); source++) {
            int target = (int) assigned[2 * source];
            if (target >= 0) {
                int other =
                        Arrays.stream(best.get(source).targets())
                                .filter(t -> t != target)
                                .findFirst()
                                .orElse(-1);
                matches.add(match(source, target, 1, assigned[2 * source + 1], other));
            }
        }
        return matches;
    }

    private double[] assign(int from, int to, Monitor monitor) {
        OneToOne.Result result =
                OneToOne.match(
                        problem.geometry(),
                        sources(),
                        targets(),
                        reductions(sources()),
                        reductions(targets()),
                        memory,
                        concurrency,
                        monitor);
        double[] assigned = new double[2 * to];
        for (int source = 0; source < to; source++) {
            assigned[2 * source] = result.target()[source];
            assigned[2 * source + 1] = result.distance()[source];
        }
        return assigned;
    }

    private Match match(int source, int target, int rank, double distance, int runnerUp) {
        double second = Rivals.least(search.nearest().get(source), target);
        return new Match(
                source,
                target,
                rank,
                distance,
                distance - reductions.get(targets().get(target)),
                runnerUp,
                second,
                false,
                rank > 1
                        ? Double.NaN
                        : MatchStatistic.of(
                                distance,
                                rivals.least(source, target),
                                problem.sources().noise()[source],
                                problem.targets().noise()[target]),
                Double.NaN,
                Double.NaN);
    }

    private List<Match> mutual(List<Match> matches) {
        int[] targets = matches.stream().mapToInt(Match::target).distinct().sorted().toArray();
        List<Neighbours> back = search.bestBack(targets);
        return matches.stream()
                .map(
                        m -> {
                            Neighbours best = back.get(Arrays.binarySearch(targets, m.target()));
                            return m.withMutual(best.size() > 0 && best.targets()[0] == m.source());
                        })
                .toList();
    }

    /** The statistics of features without a partner, see {@link NullSample}. */
    private record Nulls(NullSample alone, NullSample taken) {}

    private List<Match> certified(List<Match> matches) {
        double[] alone = pValues(matches, Nulls::alone);
        double[] taken = pValues(matches, Nulls::taken);
        double share = NullSample.shareAlone(alone, targets().size());
        double[] pValues =
                IntStream.range(0, alone.length)
                        .mapToDouble(i -> share * alone[i] + (1 - share) * taken[i])
                        .toArray();
        double[] qValues = FalseDiscoveryRate.qValues(pValues);
        return IntStream.range(0, pValues.length)
                .mapToObj(i -> matches.get(i).withValues(pValues[i], qValues[i]))
                .toList();
    }

    private double[] pValues(List<Match> matches, Function<Nulls, NullSample> which) {
        List<Nulls> nulls = nulls();
        return matches.stream()
                .mapToDouble(
                        m -> {
                            int source = problem.sources().population()[m.source()];
                            int target = problem.targets().population()[m.target()];
                            return source < 0 || target < 0
                                    ? Double.NaN
                                    : Math.max(
                                            which.apply(nulls.get(source)).pValue(m.statistic()),
                                            which.apply(nulls.get(target)).pValue(m.statistic()));
                        })
                .toArray();
    }

    /** Those of each population. */
    private List<Nulls> nulls() {
        if (nulls == null) {
            nulls =
                    IntStream.range(0, problem.populations().size())
                            .mapToObj(
                                    p ->
                                            nulls(
                                                    "features without partner " + p,
                                                    problem.populations().get(p)))
                            .toList();
        }
        return nulls;
    }

    /** The statistics of a population, each of which is looked for among the others. */
    private Nulls nulls(String name, Population population) {
        TwoWaySearch others =
                search(name, population.clouds(), population.others(), population.self());
        List<Neighbours> best = others.best(1);
        double[] partner = partners(name, population);
        double[] alone = new double[best.size()];
        double[] taken = new double[best.size()];
        for (int i = 0; i < alone.length; i++) {
            if (best.get(i).size() == 0) {
                alone[i] = Double.NaN;
                taken[i] = Double.NaN;
                continue;
            }
            int match = best.get(i).targets()[0];
            double distance = best.get(i).distances()[0];
            double rival =
                    Rivals.smaller(
                            Rivals.least(others.nearest().get(i), match),
                            Rivals.least(others.nearestBack().get(match), i));
            double noise = population.noise()[i];
            double matchNoise = population.othersNoise()[match];
            alone[i] = MatchStatistic.of(distance, rival, noise, matchNoise);
            taken[i] =
                    MatchStatistic.of(
                            distance, Rivals.smaller(rival, partner[match]), noise, matchNoise);
        }
        return new Nulls(NullSample.of(alone), NullSample.of(taken));
    }

    /**
     * For each of the others the distance of itself as one that is looked for; not a number where
     * the two are one distribution, which tells nothing of partners.
     */
    private double[] partners(String name, Population population) {
        int[] self = population.self();
        double[] distances =
                blocks.compute(
                        name + ", partners",
                        self.length,
                        1,
                        (from, to, monitor) -> {
                            Wasserstein wasserstein = new Wasserstein(problem.geometry(), monitor);
                            return IntStream.range(from, to)
                                    .mapToDouble(i -> partner(population, i, wasserstein))
                                    .toArray();
                        });
        double[] partners = new double[population.others().size()];
        Arrays.fill(partners, Double.NaN);
        for (int i = 0; i < self.length; i++) {
            if (self[i] >= 0) {
                partners[self[i]] = distances[i];
            }
        }
        return partners;
    }

    private static double partner(Population population, int feature, Wasserstein wasserstein) {
        int self = population.self()[feature];
        Cloud cloud = population.clouds().get(feature);
        return self < 0 || population.others().get(self) == cloud
                ? Double.NaN
                : wasserstein.distance(cloud, population.others().get(self));
    }
}
