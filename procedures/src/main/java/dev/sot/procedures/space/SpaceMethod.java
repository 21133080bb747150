package dev.sot.procedures.space;

import dev.sot.procedures.config.Configuration;

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
    /** The hidden state at the feature's own layer, by regression onto a reference layer. */
    RIDGE,
    /** The hidden state at the feature's own layer, turned onto a reference layer. */
    PROCRUSTES,
    /** What the hidden state at the feature's own layer would predict. */
    LOGIT_LENS,
    /** The text of its token. */
    TOKENS;

    /** The name in configurations and in the store. */
    String text() {
        return Configuration.name(this);
    }

    /** Whether a position has a point of its own at each layer. */
    boolean mapsLayers() {
        return this == RIDGE || this == PROCRUSTES || this == LOGIT_LENS;
    }
}
