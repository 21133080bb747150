package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import java.util.stream.Stream;

/** Matches features once and returns or stores what is found. */
final class Matches {

    private final MatchConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Heap heap;
    private final Matcher matcher;

    static Matches of(Session session, MatchConfig config) {
        return new Matches(session, config);
    }

    private Matches(Session session, MatchConfig config) {
        this.config = config;
        this.heap = session.heap();
        MatchSelection selection =
                MatchSelection.of(session, config.sources(), config.targets(), config.distance());
        this.matcher = new Matcher(session, config, selection, Blocks.atOnce(session.monitor()));
    }

    Stream<MatchRow> stream() {
        return matcher.rows().onClose(heap::close);
    }

    MatchStats stats() {
        try (heap) {
            return new MatchStats(matcher, stopwatch.lap(), config.effective());
        }
    }
}
