package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.FeatureArgument;
import dev.sot.procedures.distance.PairOfFeatures;
import dev.sot.procedures.distribution.FiringBatches;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** The transport plan behind a match, as far as it weighs most. */
final class Evidence {

    private static final String PROCEDURE = "sot.match.evidence";

    private Evidence() {}

    static Stream<EvidenceRow> of(
            Session session, Object source, Object target, EvidenceConfig config) {
        Node f = FeatureArgument.feature(session.tx(), PROCEDURE, "source", source);
        Node g = FeatureArgument.feature(session.tx(), PROCEDURE, "target", target);
        Node space = PairOfFeatures.space(session, f, g, config.distance());
        config.bounding().requireFitting(space);
        RecordedFirings recorded = new RecordedFirings(session, space, config.exponent());
        FiringBatches<Support> supports =
                FiringBatches.supports(
                        session,
                        space,
                        SpaceStore.supports(
                                space, SupportBuilder.DEFAULT_METHOD, config.support(), 0),
                        1);
        for (Node feature : List.of(f, g)) {
            supports.add(
                    recorded.of(feature)
                            .orElseThrow(
                                    () ->
                                            new ConfigurationException(
                                                    PROCEDURE
                                                            + ": feature '"
                                                            + feature.getProperty("key")
                                                            + "' does not fire on the corpus of"
                                                            + " the reference space '"
                                                            + space.getProperty("name")
                                                            + "' outside the excluded"
                                                            + " positions")));
        }
        PairOfFeatures pair =
                new PairOfFeatures(
                        session,
                        space,
                        supports.take().stream()
                                .map(s -> new DistributionStore.Stored(s.distribution(), s.error()))
                                .toList(),
                        config.distance());
        return EvidenceRow.of(pair.flows(config.flows(), config.reach()));
    }
}
