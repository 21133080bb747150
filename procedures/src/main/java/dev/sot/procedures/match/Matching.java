package dev.sot.procedures.match;

import dev.sot.procedures.match.MatchClouds.Population;
import dev.sot.transport.Cloud;
import dev.sot.transport.Monitor;
import dev.sot.transport.match.FalseDiscoveryRate;
import dev.sot.transport.match.MatchStatistic;
import dev.sot.transport.match.NullSample;
import dev.sot.transport.match.OneToOne;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourQuery;
import dev.sot.transport.search.Neighbours;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Matches features and says how far each match stands out, beside features that have no partner:
 * each feature of the source's population, and of the target's, looked for among the others of its
 * own.
 */
public final class Matching {

    private final MatchClouds clouds;
    private final Assignment assignment;
    private final int k;
    private final int concurrency;
    private final Blocks blocks;

    /**
     * A matching.
     *
     * @param clouds what is matched
     * @param assignment which targets are a source's matches
     * @param k how many of them, 1 unless the assignment is {@link Assignment#NEAREST}
     * @param concurrency number of threads
     * @param blocks how the long computations are done
     */
    public Matching(
            MatchClouds clouds, Assignment assignment, int k, int concurrency, Blocks blocks) {
        this.clouds = clouds;
        this.assignment = assignment;
        this.k = k;
        this.concurrency = concurrency;
        this.blocks = blocks;
    }

    /**
     * All matches by source and rank. With {@link Assignment#MUTUAL} also those that are not
     * mutual: their p-values count for the q-values of the others.
     */
    public List<Match> matches() {
        List<Neighbours> found =
                nearest("matches", clouds.sources().clouds(), clouds.targets().clouds(), k + 1);
        List<Match> matches = assignment == Assignment.ONE_TO_ONE ? assigned(found) : ranked(found);
        return certified(mutual(matches));
    }

    private List<Match> ranked(List<Neighbours> found) {
        List<Match> matches = new ArrayList<>();
        for (int source = 0; source < found.size(); source++) {
            Neighbours neighbours = found.get(source);
            for (int i = 0; i < Math.min(k, neighbours.size()); i++) {
                boolean last = i + 1 == neighbours.size();
                matches.add(
                        match(
                                source,
                                neighbours.targets()[i],
                                i + 1,
                                neighbours.distances()[i],
                                last ? -1 : neighbours.targets()[i + 1],
                                last ? Double.NaN : neighbours.distances()[i + 1]));
            }
        }
        return matches;
    }

    private List<Match> assigned(List<Neighbours> found) {
        double[] assigned =
                blocks.computeWhole(
                        "assignment",
                        found.size(),
                        2,
                        (from, to, monitor) -> {
                            OneToOne.Result result =
                                    OneToOne.match(
                                            clouds.geometry(),
                                            clouds.sources().clouds(),
                                            clouds.targets().clouds(),
                                            concurrency,
                                            monitor);
                            return IntStream.range(0, found.size())
                                    .boxed()
                                    .flatMapToDouble(
                                            i ->
                                                    Arrays.stream(
                                                            new double[] {
                                                                result.target()[i],
                                                                result.distance()[i]
                                                            }))
                                    .toArray();
                        });
        List<Match> matches = new ArrayList<>();
        for (int source = 0; source < found.size(); source++) {
            int target = (int) assigned[2 * source];
            if (target < 0) {
                continue;
            }
            Neighbours neighbours = found.get(source);
            int other =
                    IntStream.range(0, neighbours.size())
                            .filter(i -> neighbours.targets()[i] != target)
                            .findFirst()
                            .orElse(-1);
            matches.add(
                    match(
                            source,
                            target,
                            1,
                            assigned[2 * source + 1],
                            other < 0 ? -1 : neighbours.targets()[other],
                            other < 0 ? Double.NaN : neighbours.distances()[other]));
        }
        return matches;
    }

    private static Match match(
            int source, int target, int rank, double distance, int runnerUp, double second) {
        return new Match(
                source,
                target,
                rank,
                distance,
                runnerUp,
                second - distance,
                MatchStatistic.ratio(distance, second),
                false,
                Double.NaN,
                Double.NaN);
    }

    private List<Match> mutual(List<Match> matches) {
        int[] targets = matches.stream().mapToInt(Match::target).distinct().sorted().toArray();
        List<Cloud> matched =
                Arrays.stream(targets).mapToObj(clouds.targets().clouds()::get).toList();
        List<Neighbours> back = nearest("mutual matches", matched, clouds.sources().clouds(), 1);
        return matches.stream()
                .map(
                        m -> {
                            Neighbours nearest = back.get(Arrays.binarySearch(targets, m.target()));
                            return m.withMutual(
                                    nearest.size() > 0 && nearest.targets()[0] == m.source());
                        })
                .toList();
    }

    private List<Match> certified(List<Match> matches) {
        NullSample[] samples = new NullSample[clouds.populations().size()];
        for (int p = 0; p < samples.length; p++) {
            samples[p] = sample(p, clouds.populations().get(p));
        }
        double[] pValues = new double[matches.size()];
        for (int i = 0; i < pValues.length; i++) {
            Match match = matches.get(i);
            pValues[i] =
                    match.rank() > 1
                            ? Double.NaN
                            : Math.max(
                                    pValue(samples, clouds.sources(), match.source(), match),
                                    pValue(samples, clouds.targets(), match.target(), match));
        }
        double[] qValues = FalseDiscoveryRate.qValues(pValues);
        return IntStream.range(0, pValues.length)
                .mapToObj(i -> matches.get(i).withValues(pValues[i], qValues[i]))
                .toList();
    }

    private static double pValue(
            NullSample[] samples, MatchClouds.Side side, int feature, Match match) {
        int population = side.population()[feature];
        return population < 0 ? Double.NaN : samples[population].pValue(match.ratio());
    }

    /** The statistics of a population, each of which is looked for among the others. */
    private NullSample sample(int number, Population population) {
        int[] self = population.self();
        double[] ratios =
                blocks.compute(
                        "features without partner " + number,
                        self.length,
                        1,
                        (from, to, monitor) -> {
                            // One more than two, as a feature may find itself.
                            List<Neighbours> found =
                                    search(
                                            population.clouds().subList(from, to),
                                            population.others(),
                                            3,
                                            monitor);
                            return IntStream.range(from, to)
                                    .mapToDouble(i -> ratio(found.get(i - from), self[i]))
                                    .toArray();
                        });
        return NullSample.of(ratios);
    }

    private static double ratio(Neighbours neighbours, int self) {
        double[] distances =
                IntStream.range(0, neighbours.size())
                        .filter(i -> neighbours.targets()[i] != self)
                        .mapToDouble(i -> neighbours.distances()[i])
                        .toArray();
        return distances.length < 2 ? Double.NaN : MatchStatistic.ratio(distances[0], distances[1]);
    }

    /** Nearest neighbours, block by block: targets and distances, -1 where there are fewer. */
    private List<Neighbours> nearest(
            String name, List<Cloud> sources, List<Cloud> targets, int wanted) {
        double[] found =
                blocks.compute(
                        name,
                        sources.size(),
                        2 * wanted,
                        (from, to, monitor) -> {
                            double[] rows = new double[2 * wanted * (to - from)];
                            Arrays.fill(rows, -1);
                            List<Neighbours> block =
                                    search(sources.subList(from, to), targets, wanted, monitor);
                            for (int i = 0; i < block.size(); i++) {
                                for (int n = 0; n < block.get(i).size(); n++) {
                                    int at = 2 * (wanted * i + n);
                                    rows[at] = block.get(i).targets()[n];
                                    rows[at + 1] = block.get(i).distances()[n];
                                }
                            }
                            return rows;
                        });
        return IntStream.range(0, sources.size())
                .mapToObj(
                        i -> {
                            int at = 2 * wanted * i;
                            int size = 0;
                            while (size < wanted && found[at + 2 * size] >= 0) {
                                size++;
                            }
                            int first = at;
                            return new Neighbours(
                                    IntStream.range(0, size)
                                            .map(n -> (int) found[first + 2 * n])
                                            .toArray(),
                                    IntStream.range(0, size)
                                            .mapToDouble(n -> found[first + 2 * n + 1])
                                            .toArray(),
                                    true,
                                    Double.NaN);
                        })
                .toList();
    }

    private List<Neighbours> search(
            List<Cloud> sources, List<Cloud> targets, int wanted, Monitor monitor) {
        return NearestNeighbours.between(clouds.geometry(), sources, targets)
                .find(NeighbourQuery.nearest(wanted), concurrency, monitor)
                .rows();
    }
}
