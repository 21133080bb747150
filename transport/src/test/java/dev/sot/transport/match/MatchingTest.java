package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Cloud;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatchingTest {

    private static final int FEATURES = 60;
    private static final PlantedDictionary DICTIONARY = new PlantedDictionary(FEATURES, 3);
    private static final int[] ALL = IntStream.range(0, FEATURES).toArray();
    private static final int[] SOME = IntStream.range(0, 40).toArray();
    private static final int[] OTHERS = IntStream.range(15, FEATURES).toArray();

    private static Matching matching(MatchProblem problem) {
        return matching(problem, Correction.BACKGROUND);
    }

    private static Matching matching(MatchProblem problem, Correction correction) {
        return new Matching(problem, correction, 2, Blocks.atOnce(Monitor.NONE));
    }

    @Test
    void findsPlantedCopiesAndCertifiesThem() {
        List<Match> matches = matching(DICTIONARY.problem(ALL, ALL)).matches(Assignment.NEAREST, 1);
        assertThat(matches).hasSize(FEATURES);
        long right = matches.stream().filter(m -> m.source() == m.target()).count();
        long certified = matches.stream().filter(m -> m.certified(.05)).count();
        assertThat(right).isGreaterThan(FEATURES * 9 / 10);
        assertThat(certified).isGreaterThan(FEATURES / 2);
        assertThat(matches.stream().filter(m -> m.certified(.05)))
                .allMatch(m -> m.mutual() && m.margin() > 0 && m.source() == m.target());
    }

    @Test
    void certifiesNoneWithoutItsPartner() {
        int[] even = IntStream.range(0, FEATURES).filter(f -> f % 2 == 0).toArray();
        int[] odd = IntStream.range(0, FEATURES).filter(f -> f % 2 == 1).toArray();
        assertThat(matching(DICTIONARY.problem(even, odd)).matches(Assignment.NEAREST, 1))
                .hasSize(even.length)
                .noneMatch(m -> m.certified(.05));
    }

    @Test
    void ranksAsAllDistancesDo() {
        for (Correction correction : Correction.values()) {
            MatchProblem problem = DICTIONARY.problem(SOME, OTHERS);
            double[][] distance = distances(problem.sources().clouds(), problem.targets().clouds());
            double[] sourceReduction = reductions(problem.sources().clouds(), correction);
            double[] targetReduction = reductions(problem.targets().clouds(), correction);
            List<Match> matches = matching(problem, correction).matches(Assignment.NEAREST, 3);
            assertThat(matches).hasSize(3 * SOME.length);
            for (Match match : matches) {
                double[] row = distance[match.source()];
                int[] best = order(OTHERS.length, t -> row[t] - targetReduction[t]);
                int[] bestBack =
                        order(SOME.length, s -> distance[s][match.target()] - sourceReduction[s]);
                assertThat(match.target()).isEqualTo(best[match.rank() - 1]);
                assertThat(match.distance()).isEqualTo(row[match.target()]);
                assertThat(match.score())
                        .isEqualTo(match.distance() - targetReduction[match.target()]);
                if (match.rank() < 3) {
                    assertThat(match.runnerUp()).isEqualTo(best[match.rank()]);
                }
                assertThat(match.second())
                        .isEqualTo(
                                IntStream.range(0, row.length)
                                        .filter(t -> t != match.target())
                                        .mapToDouble(t -> row[t])
                                        .min()
                                        .orElseThrow());
                assertThat(match.mutual()).isEqualTo(bestBack[0] == match.source());
                assertThat(Double.isNaN(match.pValue())).isEqualTo(match.rank() > 1);
            }
        }
    }

    @Test
    void assignsAsAllAssignmentsDo() {
        int[] few = {3, 17, 9, 41, 20};
        int[] fewer = {9, 19, 41, 22};
        for (MatchProblem problem :
                List.of(DICTIONARY.problem(fewer, few), DICTIONARY.problem(few, fewer))) {
            double[][] distance = distances(problem.sources().clouds(), problem.targets().clouds());
            double[] sources = reductions(problem.sources().clouds(), Correction.BACKGROUND);
            double[] targets = reductions(problem.targets().clouds(), Correction.BACKGROUND);
            List<Match> matches = matching(problem).matches(Assignment.ONE_TO_ONE, 1);
            assertThat(matches).hasSize(fewer.length);
            assertThat(matches.stream().map(Match::target)).doesNotHaveDuplicates();
            double total =
                    matches.stream()
                            .mapToDouble(
                                    m -> m.distance() - sources[m.source()] - targets[m.target()])
                            .sum();
            double[][] scores = new double[sources.length][targets.length];
            for (int s = 0; s < sources.length; s++) {
                for (int t = 0; t < targets.length; t++) {
                    scores[s][t] = distance[s][t] - sources[s] - targets[t];
                }
            }
            assertThat(total)
                    .isCloseTo(least(scores, 0, new boolean[targets.length], 0), within(1e-9));
        }
    }

    /** The least total over all assignments of as many rows as have a column, from a row on. */
    private static double least(double[][] scores, int row, boolean[] taken, int assigned) {
        int wanted = Math.min(scores.length, taken.length);
        if (row == scores.length) {
            return assigned == wanted ? 0 : Double.POSITIVE_INFINITY;
        }
        double least = least(scores, row + 1, taken, assigned);
        for (int column = 0; column < taken.length; column++) {
            if (!taken[column]) {
                taken[column] = true;
                least =
                        Math.min(
                                least,
                                scores[row][column] + least(scores, row + 1, taken, assigned + 1));
                taken[column] = false;
            }
        }
        return least;
    }

    @Test
    void saysTheSameWhateverWasAskedBefore() {
        MatchProblem problem = DICTIONARY.problem(SOME, OTHERS);
        Matching matching = matching(problem);
        for (Assignment assignment :
                List.of(Assignment.NEAREST, Assignment.ONE_TO_ONE, Assignment.MUTUAL)) {
            assertThat(matching.matches(assignment, 1))
                    .isEqualTo(matching(problem).matches(assignment, 1));
        }
        assertThat(matching.matches(Assignment.NEAREST, 4))
                .isEqualTo(matching(problem).matches(Assignment.NEAREST, 4));
    }

    @Test
    void dependsOnNeitherBlocksNorConcurrency() {
        MatchProblem problem = DICTIONARY.selection(SOME, OTHERS);
        Matching inBlocks = new Matching(problem, Correction.BACKGROUND, 1, blocks(7));
        for (Assignment assignment : Assignment.values()) {
            assertThat(inBlocks.matches(assignment, 1))
                    .isEqualTo(matching(problem).matches(assignment, 1));
        }
    }

    private static Blocks blocks(int size) {
        return new Blocks() {
            @Override
            public double[] compute(String name, int items, int width, Work work) {
                List<double[]> parts = new ArrayList<>();
                for (int from = 0; from < items; from += size) {
                    parts.add(work.compute(from, Math.min(items, from + size), Monitor.NONE));
                }
                return parts.stream().flatMapToDouble(Arrays::stream).toArray();
            }

            @Override
            public double[] computeWhole(String name, int items, int width, Work work) {
                return work.compute(0, items, Monitor.NONE);
            }
        };
    }

    @Test
    void rivalsAreThoseOfWholePopulations() {
        List<Match> whole = matching(DICTIONARY.selection(ALL, ALL)).matches(Assignment.NEAREST, 1);
        List<Match> some =
                matching(DICTIONARY.selection(SOME, SOME)).matches(Assignment.NEAREST, 1);
        List<Match> kept = some.stream().filter(m -> m.source() == m.target()).toList();
        assertThat(kept).hasSizeGreaterThan(30);
        for (Match match : kept) {
            Match among = whole.get(match.source());
            if (among.target() == match.target()) {
                assertThat(match.statistic()).isEqualTo(among.statistic());
            }
        }
    }

    @Test
    void aMatchIsTheSameFromEitherSide() {
        Matching there = matching(DICTIONARY.onSharedText(SOME, OTHERS));
        Matching back = matching(DICTIONARY.onSharedText(OTHERS, SOME));
        List<Match> mutual =
                there.matches(Assignment.MUTUAL, 1).stream().filter(Match::mutual).toList();
        List<Match> mutualBack =
                back.matches(Assignment.MUTUAL, 1).stream().filter(Match::mutual).toList();
        assertThat(mutual).isNotEmpty().hasSameSizeAs(mutualBack);
        for (Match match : mutual) {
            // Features that are on both sides are not matched to themselves.
            assertThat(SOME[match.source()]).isNotEqualTo(OTHERS[match.target()]);
            assertThat(mutualBack)
                    .anyMatch(
                            m ->
                                    m.source() == match.target()
                                            && m.target() == match.source()
                                            && m.distance() == match.distance()
                                            && m.statistic() == match.statistic());
        }
    }

    @Test
    void whatIsOfNoPopulationIsNotTested() {
        MatchProblem problem = DICTIONARY.problem(SOME, OTHERS);
        MatchProblem without =
                new MatchProblem(
                        problem.geometry(),
                        problem.background(),
                        new MatchProblem.Side(
                                problem.sources().clouds(),
                                problem.sources().noise(),
                                Arrays.stream(SOME).map(f -> -1).toArray()),
                        problem.targets(),
                        problem.populations());
        assertThat(matching(without).matches(Assignment.NEAREST, 1))
                .hasSize(SOME.length)
                .allMatch(m -> Double.isNaN(m.pValue()) && !m.certified(1));
    }

    private static double[][] distances(List<Cloud> sources, List<Cloud> targets) {
        Wasserstein wasserstein = new Wasserstein(DICTIONARY.geometry());
        return sources.stream()
                .map(s -> targets.stream().mapToDouble(t -> wasserstein.distance(s, t)).toArray())
                .toArray(double[][]::new);
    }

    private static double[] reductions(List<Cloud> clouds, Correction correction) {
        return correction == Correction.NONE
                ? new double[clouds.size()]
                : Background.reductions(
                        DICTIONARY.geometry(), DICTIONARY.background(), clouds, 1, Monitor.NONE);
    }

    private static int[] order(int size, ToDoubleFunction<Integer> score) {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(score))
                .mapToInt(i -> i)
                .toArray();
    }
}
