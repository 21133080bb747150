package dev.sot.procedures.distribution;

import dev.sot.transport.Support;
import dev.sot.transport.SupportMethod;
import java.util.Optional;

/** What became of the features of a build. */
final class DistributionCounts {

    long features;
    long distributions;
    long silent;
    long onlyExcluded;
    long sampled;
    long excludedFirings;
    long supportPoints;
    double effectiveSampleSizes;

    void count(boolean fires, Optional<Support> support) {
        features++;
        if (!fires) {
            silent++;
        } else if (support.isEmpty()) {
            onlyExcluded++;
        }
        support.ifPresent(
                s -> {
                    distributions++;
                    sampled += s.method() == SupportMethod.SAMPLED ? 1 : 0;
                    excludedFirings += s.excludedFirings();
                    supportPoints += s.distribution().size();
                    effectiveSampleSizes += s.effectiveSampleSize();
                });
    }
}
