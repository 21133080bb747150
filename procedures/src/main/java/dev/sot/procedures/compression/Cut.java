package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Session;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.MergePolicy;
import dev.sot.transport.cluster.RequiredMergeException;
import dev.sot.transport.cluster.SizeCurve;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Cuts a hierarchy where the configuration says, within its limits on hidden weight and cycles. */
final class Cut {

    private final Session session;
    private final CompressConfig config;
    private final ItemSet set;

    Cut(Session session, CompressConfig config, ItemSet set) {
        this.session = session;
        this.config = config;
        this.set = set;
    }

    /** Cuts at a size or a distance, not by a criterion. */
    Grouped of(Hierarchy hierarchy) {
        try {
            return of(
                    hierarchy,
                    () -> {
                        throw new IllegalStateException("a criterion needs distances");
                    });
        } catch (IllegalArgumentException e) {
            throw config.problem(e.getMessage());
        }
    }

    /**
     * Cuts.
     *
     * @param curve all cuts of the hierarchy, for when a criterion decides
     */
    Grouped of(Hierarchy hierarchy, Supplier<SizeCurve> curve) {
        try {
            return cut(hierarchy, curve);
        } catch (RequiredMergeException e) {
            throw config.problem(
                    "%s and %s must link, but their supernode would %s"
                            .formatted(
                                    set.items().name(set.grouped()[e.first()]),
                                    set.items().name(set.grouped()[e.second()]),
                                    refused()
                                            ? "close a cycle with other supernodes"
                                                    + (config.constraints()
                                                                    .maxInternalMass()
                                                                    .isPresent()
                                                            ? ", or hide more of the links' weight"
                                                                    + " than `maxInternalMass`"
                                                                    + " allows"
                                                            : "")
                                            : "hide more of the links' weight than"
                                                    + " `maxInternalMass` allows"));
        }
    }

    private Grouped cut(Hierarchy hierarchy, Supplier<SizeCurve> curve) {
        SizeChoice size = config.size();
        Dendrogram dendrogram = hierarchy.dendrogram();
        Optional<MergePolicy> policy = policy();
        int[] group;
        if (size.maxDistance().isPresent()) {
            double distance = size.maxDistance().get();
            group =
                    policy.map(p -> dendrogram.cutAtDistance(distance, p, session.monitor()))
                            .orElseGet(() -> dendrogram.cutAtDistance(distance));
        } else {
            int groups =
                    size.groups(set.size(), set.groupedNodes())
                            .orElseGet(() -> curve.get().choose(size.criterion().orElseThrow()));
            group =
                    policy.map(p -> dendrogram.cutToSize(groups, p, session.monitor()))
                            .orElseGet(() -> dendrogram.cutToSize(groups));
        }
        return new Grouped(group, size.rule(), Optional.of(hierarchy), OptionalInt.empty());
    }

    private Optional<MergePolicy> policy() {
        ConstraintChoice constraints = config.constraints();
        return constraints.maxInternalMass().isPresent() || refused()
                ? Optional.of(
                        new MergePolicy(
                                set.items().circuit().graph(),
                                set.blocks(),
                                set.size(),
                                constraints.maxInternalMass().orElse(1.0),
                                refused()))
                : Optional.empty();
    }

    private boolean refused() {
        return config.constraints().acyclic() == ConstraintChoice.Acyclic.REFUSE;
    }
}
