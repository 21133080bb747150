package dev.sot.procedures.space;

import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.PromptFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The kind of space to fit: what was asked for, or what suits the corpus's prompts.
 *
 * @param method any but AUTO
 * @param reason why
 * @param promptPositions with PROMPT the positions in a prompt whose states make its vector, where
 *     negative ones count from its end
 */
record SpaceChoice(SpaceMethod method, String reason, List<Integer> promptPositions) {

    /** Prompts there must be for each dimension before PROMPT is chosen unasked. */
    private static final int PROMPTS_PER_DIMENSION = 10;

    private static final String ASKED_FOR = "asked for";

    static SpaceChoice of(SpaceFitConfig config, CorpusStore.PromptLayout layout) {
        if (config.method() != SpaceMethod.AUTO && config.method() != SpaceMethod.PROMPT) {
            return askedFor(config.method());
        }
        Optional<PromptFormat> format =
                PromptFormat.of(layout.prompts(), layout.places(), layout.tokens());
        if (config.method() == SpaceMethod.PROMPT) {
            return prompt(ASKED_FOR, config, format);
        }
        if (format.isEmpty()) {
            return aligned("the prompts do not have one format");
        }
        int prompts = format.get().prompts();
        if (prompts < PROMPTS_PER_DIMENSION * config.dimension()) {
            return aligned(
                    "there are only %,d prompts, fewer than %d for each dimension"
                            .formatted(prompts, PROMPTS_PER_DIMENSION));
        }
        return prompt(
                "all %,d prompts have one format, whose last fixed token is at position %d"
                        .formatted(prompts, format.get().lastFixed()),
                config,
                format);
    }

    /** A method that has no positions in prompts. */
    static SpaceChoice askedFor(SpaceMethod method) {
        return new SpaceChoice(method, ASKED_FOR, List.of());
    }

    private static SpaceChoice aligned(String reason) {
        return new SpaceChoice(SpaceMethod.ALIGNED, reason, List.of());
    }

    private static SpaceChoice prompt(
            String reason, SpaceFitConfig config, Optional<PromptFormat> format) {
        List<Integer> positions =
                config.promptPositions()
                        .or(() -> format.map(f -> IntStream.of(f.answerPlaces()).boxed().toList()))
                        .orElse(List.of(-1));
        return new SpaceChoice(SpaceMethod.PROMPT, reason, positions);
    }
}
