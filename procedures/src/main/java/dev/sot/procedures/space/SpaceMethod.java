package dev.sot.procedures.space;

import java.util.Locale;

/** What a position of the corpus is placed by. */
enum SpaceMethod {
    /** One of the others, by the corpus's prompts. */
    AUTO,
    /** The hidden state of the same position. */
    ALIGNED,
    /** The hidden states of the same position at several layers. */
    CONCAT,
    /**
     * The hidden states at some positions of its prompt, the same for all positions of a prompt.
     */
    PROMPT,
    /** The text of its token. */
    TOKENS;

    /** The name in configurations and in the store. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
