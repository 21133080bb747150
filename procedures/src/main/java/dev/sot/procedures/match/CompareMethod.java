package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;

/** The ways to match that are compared, in the order of the rows. */
enum CompareMethod {
    WASSERSTEIN,
    WASSERSTEIN_ONE_TO_ONE,
    CENTROID,
    CENTROID_COSINE,
    ACTIVATION_CORRELATION,
    JACCARD,
    TOKEN_HISTOGRAM,
    DECODER_COSINE,
    ENCODER_COSINE,
    SAE_MATCH;

    /** Whether it looks at the vectors of dictionaries, which depend on the model's basis. */
    boolean ofVectors() {
        return this == DECODER_COSINE || this == ENCODER_COSINE || this == SAE_MATCH;
    }

    /** Its name in results. */
    String text() {
        return Configuration.name(this);
    }
}
