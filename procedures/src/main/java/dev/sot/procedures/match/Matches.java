package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.transport.match.Blocks;
import java.util.stream.Stream;

/** Matches features once and returns what is found. */
final class Matches {

    private final MatchConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Matcher matcher;

    Matches(Session session, MatchConfig config) {
        this.config = config;
        MatchSelection selection = MatchSelection.of(session, config);
        this.matcher = new Matcher(session, config, selection, Blocks.atOnce(session.monitor()));
    }

    Stream<MatchRow> stream() {
        return matcher.rows().onClose(matcher::close);
    }

    MatchStats stats() {
        try (matcher) {
            return new MatchStats(matcher, stopwatch.lap(), config.effective());
        }
    }
}
