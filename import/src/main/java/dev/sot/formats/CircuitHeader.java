package dev.sot.formats;

import java.util.List;
import java.util.Objects;

/**
 * Everything in a circuit file except its nodes and links.
 *
 * @param slug the circuit's name
 * @param scan the file's {@code metadata.scan}: a model, a dictionary or a hash, depending on the
 *     writer; null where the file has none
 * @param prompt the prompt as text, with special tokens
 * @param promptTokens the prompt's tokens, one for each position
 * @param dictionary identity of the dictionary whose features the circuit holds
 * @param dictionarySource where the identity came from: {@code config}, {@code
 *     info.transcoder_set}, {@code feature_details} or {@code scan}
 * @param metadataJson the whole {@code metadata} object as JSON text
 * @param qParamsJson the whole {@code qParams} object (display state: pins, supernodes) as JSON
 *     text
 * @param extraJson other top-level keys as the JSON text of an object, or null when there are none
 */
public record CircuitHeader(
        String slug,
        String scan,
        String prompt,
        List<String> promptTokens,
        String dictionary,
        String dictionarySource,
        String metadataJson,
        String qParamsJson,
        String extraJson) {
    public CircuitHeader {
        Objects.requireNonNull(slug, "slug");
        Objects.requireNonNull(prompt, "prompt");
        promptTokens = List.copyOf(promptTokens);
        Objects.requireNonNull(dictionary, "dictionary");
        Objects.requireNonNull(dictionarySource, "dictionarySource");
        Objects.requireNonNull(metadataJson, "metadataJson");
        Objects.requireNonNull(qParamsJson, "qParamsJson");
    }

    /** The same header with other display state. */
    public CircuitHeader withQParams(String json) {
        return new CircuitHeader(
                slug,
                scan,
                prompt,
                promptTokens,
                dictionary,
                dictionarySource,
                metadataJson,
                json,
                extraJson);
    }
}
