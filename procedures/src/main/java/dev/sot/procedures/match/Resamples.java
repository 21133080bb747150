package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.match.Blocks;
import dev.sot.transport.match.Match;
import dev.sot.transport.match.MatchStability;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourQuery;
import dev.sot.transport.search.Neighbours;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** How often matches stay nearer than the nearest others when the corpus is resampled. */
final class Resamples {

    /** The nearest targets that a match competes with. */
    private static final int RIVALS = 5;

    private final Session session;
    private final Node space;
    private final MatchConfig config;
    private final SideFirings firings;
    private final MatchClouds clouds;

    Resamples(
            Session session,
            Node space,
            MatchConfig config,
            SideFirings firings,
            MatchClouds clouds) {
        this.session = session;
        this.space = space;
        this.config = config;
        this.firings = firings;
        this.clouds = clouds;
    }

    /** The share of each match; not a number without resamples. */
    double[] shares(List<Match> matches, Blocks blocks) {
        if (config.bootstraps() == 0) {
            double[] none = new double[matches.size()];
            Arrays.fill(none, Double.NaN);
            return none;
        }
        return blocks.computeWhole(
                "bootstrap", matches.size(), 1, (from, to, monitor) -> shares(matches, monitor));
    }

    private double[] shares(List<Match> matches, Monitor monitor) {
        List<Firings> sources =
                matches.stream().map(m -> firings(clouds.sources(), m.source(), 0)).toList();
        List<Firings> targets =
                IntStream.range(0, clouds.targets().features().size())
                        .mapToObj(g -> firings(clouds.targets(), g, firings.sides() - 1))
                        .toList();
        CompactPoints compact =
                CompactPoints.of(
                        session.tx(),
                        space,
                        Stream.concat(sources.stream(), targets.stream())
                                .map(Firings::distribution)
                                .toList());
        return new MatchStability(
                        new Geometry(
                                compact.points(),
                                config.distance().groundCost(space),
                                config.distance().order()),
                        config.supports(space),
                        Arrays.stream(compact.positions()).map(p -> firings.prompts()[p]).toArray(),
                        firings.promptCount(),
                        config.bootstraps(),
                        config.seed())
                .shares(
                        rows(sources, compact),
                        rows(targets, compact),
                        candidates(matches, monitor),
                        config.concurrency(),
                        monitor);
    }

    private Firings firings(MatchClouds.Side side, int feature, int half) {
        session.monitor().check();
        return firings.of(side.features().get(feature), half).orElseThrow();
    }

    private static List<Firings> rows(List<Firings> firings, CompactPoints compact) {
        return firings.stream().map(f -> f.on(compact.rows(f.distribution()))).toList();
    }

    /** For each match its target, then the nearest others. */
    private int[][] candidates(List<Match> matches, Monitor monitor) {
        List<Neighbours> nearest =
                NearestNeighbours.between(
                                clouds.problem().geometry(),
                                matches.stream()
                                        .map(
                                                m ->
                                                        clouds.problem()
                                                                .sources()
                                                                .clouds()
                                                                .get(m.source()))
                                        .toList(),
                                clouds.problem().targets().clouds())
                        .find(NeighbourQuery.nearest(RIVALS + 1), config.concurrency(), monitor)
                        .rows();
        return IntStream.range(0, matches.size())
                .mapToObj(
                        i -> {
                            int match = matches.get(i).target();
                            return IntStream.concat(
                                            IntStream.of(match),
                                            Arrays.stream(nearest.get(i).targets())
                                                    .filter(t -> t != match)
                                                    .limit(RIVALS))
                                    .toArray();
                        })
                .toArray(int[][]::new);
    }
}
