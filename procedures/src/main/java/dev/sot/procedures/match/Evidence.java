package dev.sot.procedures.match;

import dev.sot.procedures.distance.FeatureArgument;
import dev.sot.procedures.distance.PairOfFeatures;
import dev.sot.procedures.runtime.Session;
import java.util.stream.Stream;

/** The transport plan behind a match, as far as it weighs most. */
final class Evidence {

    private static final String PROCEDURE = "sot.match.evidence";

    private Evidence() {}

    static Stream<EvidenceRow> of(
            Session session, Object source, Object target, EvidenceConfig config) {
        PairOfFeatures pair =
                new PairOfFeatures(
                        session,
                        FeatureArgument.feature(session.tx(), PROCEDURE, "source", source),
                        FeatureArgument.feature(session.tx(), PROCEDURE, "target", target),
                        config.distance());
        return EvidenceRow.of(pair.flows(config.flows(), config.reach()));
    }
}
