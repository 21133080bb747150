package dev.sot.procedures.distribution;

import dev.sot.transport.Support;
import dev.sot.transport.SupportError;
import dev.sot.transport.SupportMethod;
import java.util.Optional;

/** What became of the features of a build. */
final class DistributionCounts {

    long features;
    long distributions;
    long silent;
    long onlyExcluded;
    long reduced;
    long excludedFirings;
    long supportPoints;
    double effectiveSampleSizes;
    long withError;
    double errors1;
    double errors2;

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
                    reduced += s.method() == SupportMethod.ALL ? 0 : 1;
                    excludedFirings += s.excludedFirings();
                    supportPoints += s.distribution().size();
                    effectiveSampleSizes += s.effectiveSampleSize();
                    s.error().ifPresent(this::count);
                });
    }

    private void count(SupportError error) {
        withError++;
        errors1 += error.order1();
        errors2 += error.order2();
    }
}
