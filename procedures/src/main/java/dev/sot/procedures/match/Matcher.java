package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.match.Assignment;
import dev.sot.transport.match.Blocks;
import dev.sot.transport.match.MarginCondition;
import dev.sot.transport.match.Match;
import dev.sot.transport.match.Matching;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Loads what is to be matched, matches it and measures how sure the matches are. */
final class Matcher implements AutoCloseable {

    private final Heap heap;
    private final MatchConfig config;
    private final MatchSelection selection;
    private final MatchClouds clouds;
    private final List<Certificate> matches;

    Matcher(Session session, MatchConfig config, MatchSelection selection, Blocks blocks) {
        this.config = config;
        this.selection = selection;
        this.heap = session.heap();
        heap.take(MatchHeap.of(session, config, selection).bytes());
        SideFirings firings = new SideFirings(session, selection.space(), config);
        this.clouds = selection.load(session, config, firings, blocks);
        List<Match> found =
                new Matching(clouds.problem(), config.correction(), config.concurrency(), blocks)
                        .matches(config.assignment(), config.k()).stream()
                                .filter(this::wanted)
                                .toList();
        double[] shares =
                new Resamples(session, selection.space(), config, firings, clouds)
                        .shares(found, blocks);
        this.matches =
                IntStream.range(0, found.size())
                        .mapToObj(i -> certificate(found.get(i), shares[i]))
                        .toList();
    }

    private boolean wanted(Match match) {
        return match.distance() <= config.maxDistance()
                && (config.assignment() != Assignment.MUTUAL || match.mutual());
    }

    private Certificate certificate(Match match, double bootstrapShare) {
        double sourceNoise = clouds.problem().sources().noise()[match.source()];
        double targetNoise = clouds.problem().targets().noise()[match.target()];
        return new Certificate(
                match,
                sourceNoise,
                targetNoise,
                MarginCondition.of(
                                match.distance(),
                                match.second(),
                                sourceNoise,
                                targetNoise,
                                largestNoiseBut(match.target()))
                        .bound(),
                bootstrapShare,
                match.certified(config.level()));
    }

    /** The largest noise that is known of a target but one. */
    private double largestNoiseBut(int target) {
        double[] noise = clouds.problem().targets().noise();
        double largest = 0;
        for (int i = 0; i < noise.length; i++) {
            if (i != target && noise[i] > largest) {
                largest = noise[i];
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

    /** Gives back what was counted of the heap. */
    @Override
    public void close() {
        heap.close();
    }
}
