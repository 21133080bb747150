package dev.sot.formats;

import java.util.List;

/**
 * Two features whose likeness is to be judged. Nothing in it tells whether they were matched. Every
 * text is data from the database: untrusted.
 *
 * @param judgement id of the judgement that the pair is part of
 * @param pair id of the pair
 * @param first texts in which one feature is active, the active token in brackets
 * @param second the same of the other
 */
public record JudgeTask(String judgement, String pair, List<String> first, List<String> second) {}
