package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.transport.match.MarginCondition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** Loads what is to be matched, matches it and measures how sure the matches are. */
final class Matcher {

    private final MatchConfig config;
    private final MatchSelection selection;
    private final MatchClouds clouds;
    private final double[] sourceNoise;
    private final double[] targetNoise;
    private final List<Certificate> matches;

    Matcher(Session session, MatchConfig config, MatchSelection selection, Blocks blocks) {
        this.config = config;
        this.selection = selection;
        this.clouds =
                config.positions() == Positions.STORED
                        ? selection.stored(session, config.distance())
                        : selection.disjoint(
                                session,
                                config.distance(),
                                config.supports(selection.space()),
                                config.seed(),
                                config.concurrency());
        List<Match> found =
                new Matching(clouds, config.assignment(), config.k(), config.concurrency(), blocks)
                        .matches();
        List<Node> both =
                Stream.concat(
                                clouds.sources().features().stream(),
                                clouds.targets().features().stream())
                        .distinct()
                        .toList();
        double[] noise =
                new SplitHalves(
                                session,
                                selection.space(),
                                config.distance(),
                                config.supports(selection.space()),
                                config.seed(),
                                config.concurrency())
                        .noise(both, blocks);
        Map<Node, Integer> numbers = new HashMap<>();
        both.forEach(feature -> numbers.put(feature, numbers.size()));
        this.sourceNoise = of(clouds.sources(), noise, numbers);
        this.targetNoise = of(clouds.targets(), noise, numbers);
        this.matches = found.stream().filter(this::wanted).map(this::certificate).toList();
    }

    private static double[] of(MatchClouds.Side side, double[] noise, Map<Node, Integer> numbers) {
        return side.features().stream().mapToDouble(f -> noise[numbers.get(f)]).toArray();
    }

    private boolean wanted(Match match) {
        return match.distance() <= config.maxDistance()
                && (config.assignment() != Assignment.MUTUAL || match.mutual());
    }

    private Certificate certificate(Match match) {
        return new Certificate(
                match,
                sourceNoise[match.source()],
                targetNoise[match.target()],
                MarginCondition.of(
                                match.distance(),
                                match.distance() + match.margin(),
                                sourceNoise[match.source()],
                                targetNoise[match.target()],
                                largestNoiseBut(match.target()))
                        .bound(),
                Double.NaN,
                match.certified(config.level()));
    }

    /** The largest noise that is known of a target but one. */
    private double largestNoiseBut(int target) {
        double largest = 0;
        for (int i = 0; i < targetNoise.length; i++) {
            if (i != target && targetNoise[i] > largest) {
                largest = targetNoise[i];
            }
        }
        return largest;
    }

    MatchClouds clouds() {
        return clouds;
    }

    /** The matches, by source and rank. */
    List<Certificate> matches() {
        return matches;
    }

    Stream<MatchRow> rows() {
        return matches.stream().map(match -> new MatchRow(clouds, match));
    }

    /** Sources that have no distribution. */
    int sourcesWithout() {
        return selection.sources().size() - clouds.sources().features().size();
    }

    /** Targets that have none. */
    int targetsWithout() {
        return selection.targets().size() - clouds.targets().features().size();
    }
}
