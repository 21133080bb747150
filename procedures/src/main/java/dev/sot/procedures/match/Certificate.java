package dev.sot.procedures.match;

import dev.sot.transport.match.Match;

/**
 * A match with all that speaks for and against it. What is not known is not a number.
 *
 * @param match the match
 * @param sourceNoise distance between two halves of the source's prompts
 * @param targetNoise the same of the target
 * @param marginBound the margin above which no sampling error can have changed the match
 * @param bootstrapShare share of the resamples of the corpus in which the match stays the nearest
 * @param certified whether its q-value is at most the level
 */
record Certificate(
        Match match,
        double sourceNoise,
        double targetNoise,
        double marginBound,
        double bootstrapShare,
        boolean certified) {

    boolean marginHolds() {
        return match.margin() > marginBound;
    }
}
