package dev.sot.procedures.match;

import dev.sot.transport.match.baseline.Counterparts;
import java.util.BitSet;
import java.util.Optional;

/**
 * What one method found.
 *
 * @param counterparts the target that it gives each source; empty where the method cannot be used
 * @param certified sources whose match is certified, for methods with certificates
 * @param note why it cannot be used, or what it depends on
 */
record CompareFound(
        Optional<Counterparts> counterparts, Optional<BitSet> certified, Optional<String> note) {

    static CompareFound of(Counterparts counterparts) {
        return new CompareFound(Optional.of(counterparts), Optional.empty(), Optional.empty());
    }

    static CompareFound unavailable(String why) {
        return new CompareFound(Optional.empty(), Optional.empty(), Optional.of(why));
    }

    CompareFound noted(String what) {
        return new CompareFound(counterparts, certified, Optional.of(what));
    }
}
