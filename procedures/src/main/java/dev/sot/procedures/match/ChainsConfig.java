package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpaceStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * Features followed through the layers of a dictionary.
 *
 * @param dictionary the dictionary
 * @param layers in the order in which they are followed; all in ascending order where not given
 * @param links which matches are links
 * @param match how consecutive layers are matched
 */
record ChainsConfig(
        String dictionary, Optional<List<Integer>> layers, Links links, MatchConfig match) {

    static ChainsConfig of(String procedure, Map<String, Object> given, boolean stored) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> run = stored ? c.optionalString("run") : Optional.empty();
        DistanceConfig distance = DistanceConfig.of(c);
        Optional<String> dictionary = c.optionalString("dictionary");
        Optional<List<Integer>> layers = c.optionalIntegers("layers");
        Links links = c.oneOf("links", Links.CERTIFIED);
        MatchConfig match =
                MatchConfig.of(c, run, distance, FeatureSelection.NONE, FeatureSelection.NONE);
        if (layers.isPresent()
                && (layers.get().size() < 2
                        || layers.get().stream().distinct().count() < layers.get().size())) {
            throw c.wrong("layers", layers.get(), "a list of at least two different layers");
        }
        return new ChainsConfig(
                dictionary.orElseThrow(
                        () ->
                                c.problem(
                                        "dictionary",
                                        "is missing: name the dictionary whose layers are"
                                                + " followed")),
                layers,
                links,
                match);
    }

    /** The run's id: as given, or dictionary, layers and how they are linked. */
    String run() {
        return match.run()
                .orElseGet(
                        () ->
                                "chains "
                                        + dictionary
                                        + layers.map(l -> " " + l).orElse("")
                                        + " "
                                        + Configuration.name(links)
                                        + match.distance().space().map(s -> " @ " + s).orElse(""));
    }

    /** The reference space. */
    Node space(Session session) {
        return SpaceStore.require(session.tx(), match.distance().space(), List.of(dictionary));
    }
}
