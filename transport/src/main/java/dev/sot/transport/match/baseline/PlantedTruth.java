package dev.sot.transport.match.baseline;

import java.util.Arrays;

/**
 * The partner of each source among the targets, which is known because it was planted.
 *
 * @param partner for each source the index of its partner among the targets; -1 where it has none
 */
public record PlantedTruth(int[] partner) {

    /**
     * What matches are worth.
     *
     * @param right matches of sources with their partners
     * @param wrong matches of sources that have a partner with other targets
     * @param withoutPartner matches of sources that have none
     */
    public record Recovery(int right, int wrong, int withoutPartner) {

        /** All matches. */
        public int matches() {
            return right + wrong + withoutPartner;
        }

        /** The share of the matches that are not right; NaN without matches. */
        public double wrongShare() {
            return (double) (wrong + withoutPartner) / matches();
        }
    }

    /** Sources that have a partner. */
    public int withPartner() {
        return (int) Arrays.stream(partner).filter(p -> p >= 0).count();
    }

    /** Sources that have none. */
    public int withoutPartner() {
        return partner.length - withPartner();
    }

    /** How many matches are right. */
    public Recovery recovery(Counterparts found) {
        int right = 0;
        int wrong = 0;
        int none = 0;
        for (int i = 0; i < partner.length; i++) {
            int match = found.target()[i];
            if (match >= 0) {
                right += partner[i] == match ? 1 : 0;
                wrong += partner[i] >= 0 && partner[i] != match ? 1 : 0;
                none += partner[i] < 0 ? 1 : 0;
            }
        }
        return new Recovery(right, wrong, none);
    }
}
