package dev.sot.procedures.distribution;

import dev.sot.procedures.store.DistributionStore;
import dev.sot.transport.Support;

/** What became of the features that fire in a batch. */
final class AppendCounts {

    long updated;
    long newFeatures;
    long completedBefore;
    long withoutDistribution;
    long onlyExcluded;
    long firings;
    long excludedFirings;
    long withError;
    double errors1;
    double errors2;
    long staleDistances;
    long staleNeighbours;
    long staleMatchRuns;
    long staleCompressions;

    void count(DistributionStore.Marked stale, Support support) {
        updated++;
        staleDistances += stale.distances();
        staleNeighbours += stale.neighbours();
        support.error()
                .ifPresent(
                        error -> {
                            withError++;
                            errors1 += error.order1();
                            errors2 += error.order2();
                        });
    }
}
