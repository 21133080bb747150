package dev.sot.procedures.match;

import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.procedures.distribution.FiringBatches;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportError;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.match.Background;
import dev.sot.transport.match.MatchProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Two families of features with their distributions in one space, ready to be matched.
 *
 * @param space the reference space
 * @param problem their distributions, and what matches are judged by
 * @param sources whose matches are wanted
 * @param targets among which they are looked for
 */
public record MatchClouds(Node space, MatchProblem problem, Side sources, Side targets) {

    /**
     * One family: features that have a distribution, as the problem's side numbers them.
     *
     * @param features the features
     * @param errors how far each is from the distribution over all firings; empty where not known
     */
    public record Side(List<Node> features, List<Optional<SupportError>> errors) {}

    /** The name of the space. */
    public String spaceName() {
        return (String) space.getProperty("name");
    }

    /** How far a distance may be from that of the distributions over all firings, if known. */
    Optional<Double> error(int source, int target) {
        return FeatureClouds.error(
                problem.geometry(), sources.errors().get(source), targets.errors().get(target));
    }

    /** Makes clouds of firings. What is added gets a number, by which families refer to it. */
    public static final class Builder {

        private final Session session;
        private final Node space;
        private final DistanceConfig distance;
        private final FiringBatches<Support> supports;
        private final List<DistributionStore.Stored> items = new ArrayList<>();
        private final List<Integer> reduced = new ArrayList<>();
        private final int background;

        /**
         * A builder.
         *
         * @param builder reduces firings to supports
         * @param concurrency number of threads
         */
        public Builder(
                Session session,
                Node space,
                DistanceConfig distance,
                SupportBuilder builder,
                int concurrency) {
            this.session = session;
            this.space = space;
            this.distance = distance;
            this.supports = FiringBatches.supports(session, space, builder, concurrency);
            this.background = add(corpus(concurrency));
        }

        /** The whole corpus. */
        private DistributionStore.Stored corpus(int concurrency) {
            BitSet excluded = SpaceStore.excluded(session.tx(), space);
            int positions = SpacePositions.of(space).size();
            FiringBatches<Support> batch =
                    FiringBatches.supports(
                            session,
                            space,
                            SpaceStore.supports(
                                    space, SupportMethod.QUANTIZED, Background.POINTS, 0),
                            concurrency);
            batch.add(
                    Background.firings(
                            IntStream.range(0, positions).filter(p -> !excluded.get(p)).toArray()));
            return stored(batch.take().get(0));
        }

        private static DistributionStore.Stored stored(Support support) {
            return new DistributionStore.Stored(support.distribution(), support.error());
        }

        private int add(DistributionStore.Stored distribution) {
            items.add(distribution);
            return items.size() - 1;
        }

        /** Adds the distribution of firings over positions of the corpus; returns its number. */
        public int add(Firings firings) {
            supports.add(firings);
            reduced.add(items.size());
            return add((DistributionStore.Stored) null);
        }

        /**
         * A family.
         *
         * @param features the features
         * @param items for each the number of its distribution, or -1 where it has none and is left
         *     out
         * @param noise of each; not a number where not known
         * @param population for each the index of its population, or -1
         */
        public record Family(List<Node> features, int[] items, double[] noise, int[] population) {}

        /**
         * A population: for each feature the numbers of the distribution with which it is looked
         * for and of that with which it is found, -1 where it has none, and the noise of both. With
         * one distribution for both the arrays are the same.
         */
        public record Others(int[] items, int[] others, double[] noise, double[] othersNoise) {}

        /** Loads the points and makes the clouds. */
        public MatchClouds build(Family sources, Family targets, List<Others> populations) {
            Iterator<Support> built = supports.take().iterator();
            for (int item : reduced) {
                items.set(item, stored(built.next()));
            }
            List<Distribution> distributions =
                    items.stream().map(DistributionStore.Stored::distribution).toList();
            CompactPoints compact = CompactPoints.of(session.tx(), space, distributions);
            Geometry geometry =
                    new Geometry(compact.points(), distance.groundCost(space), distance.order());
            List<Cloud> clouds = new ArrayList<>(items.size());
            for (Distribution distribution : distributions) {
                session.monitor().check();
                clouds.add(geometry.cloud(compact.rows(distribution)));
            }
            return new MatchClouds(
                    space,
                    new MatchProblem(
                            geometry,
                            clouds.get(background),
                            ofProblem(sources, clouds),
                            ofProblem(targets, clouds),
                            populations.stream().map(p -> population(p, clouds)).toList()),
                    side(sources),
                    side(targets));
        }

        private Side side(Family family) {
            int[] present = present(family.items());
            return new Side(
                    Arrays.stream(present).mapToObj(family.features()::get).toList(),
                    Arrays.stream(present)
                            .mapToObj(i -> items.get(family.items()[i]).error())
                            .toList());
        }

        private static MatchProblem.Side ofProblem(Family family, List<Cloud> clouds) {
            int[] present = present(family.items());
            return new MatchProblem.Side(
                    clouds(present, family.items(), clouds),
                    Arrays.stream(present).mapToDouble(i -> family.noise()[i]).toArray(),
                    Arrays.stream(present).map(i -> family.population()[i]).toArray());
        }

        private static MatchProblem.Population population(Others population, List<Cloud> clouds) {
            int[] present = present(population.items());
            int[] others = present(population.others());
            int[] place = new int[population.others().length];
            Arrays.fill(place, -1);
            for (int i = 0; i < others.length; i++) {
                place[others[i]] = i;
            }
            List<Cloud> rows = clouds(present, population.items(), clouds);
            return new MatchProblem.Population(
                    rows,
                    population.items() == population.others()
                            ? rows
                            : clouds(others, population.others(), clouds),
                    Arrays.stream(present).map(i -> place[i]).toArray(),
                    Arrays.stream(present).mapToDouble(i -> population.noise()[i]).toArray(),
                    Arrays.stream(others).mapToDouble(i -> population.othersNoise()[i]).toArray());
        }

        private static List<Cloud> clouds(int[] present, int[] items, List<Cloud> clouds) {
            return Arrays.stream(present).mapToObj(i -> clouds.get(items[i])).toList();
        }

        private static int[] present(int[] items) {
            return IntStream.range(0, items.length).filter(i -> items[i] >= 0).toArray();
        }
    }
}
