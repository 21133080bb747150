package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.transport.Firings;
import dev.sot.transport.match.PromptHalves;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** What features do on the positions of either side: on all, or on one half of the prompts. */
final class SideFirings {

    private final RecordedFirings recorded;
    private final int[] prompts;
    private final Optional<PromptHalves> halves;

    SideFirings(Session session, Node space, MatchConfig config) {
        this.recorded = new RecordedFirings(session, space, config.exponent());
        this.prompts = recorded.positions().prompts(session);
        this.halves =
                config.positions() == Positions.ALL
                        ? Optional.empty()
                        : Optional.of(new PromptHalves(prompts, promptCount(), config.seed()));
    }

    /** For each position of the space the index of its prompt. */
    int[] prompts() {
        return prompts;
    }

    int promptCount() {
        return recorded.positions().promptCount();
    }

    /** 1 where both sides rest on the same positions, else 2. */
    int sides() {
        return halves.isEmpty() ? 1 : 2;
    }

    /**
     * Where a feature fires; empty where nowhere.
     *
     * @param side 0 for the sources' positions, {@code sides() - 1} for the targets'
     */
    Optional<Firings> of(Node feature, int side) {
        Optional<Firings> everywhere = recorded.of(feature);
        return halves.isEmpty() ? everywhere : everywhere.flatMap(f -> halves.get().half(f, side));
    }
}
