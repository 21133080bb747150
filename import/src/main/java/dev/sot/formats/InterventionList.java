package dev.sot.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Interventions that a model is to be run with, {@code sot-interventions/1}: JSON lines, first what
 * is to be done, then one compression a line. The reference page of {@code
 * sot.export.interventions} documents the fields.
 */
public final class InterventionList {
    /** The version that the first line names. */
    public static final String FORMAT = "sot-interventions/1";

    /** A feature at a token position. */
    public record Member(int layer, long feature, int position) {}

    /** A supernode, by its key, and those of its members that are features. */
    public record Group(String supernode, List<Member> members) {}

    /**
     * A compression.
     *
     * @param compression its id
     * @param circuit slug of its circuit
     * @param dictionary the dictionary that the members' features are of
     * @param readout token positions after which the circuit predicts: those of its logits
     * @param groups the supernodes that hold features, in the order of their ranks
     */
    public record Partition(
            String compression,
            String circuit,
            String dictionary,
            List<Integer> readout,
            List<Group> groups) {

        /**
         * SHA-256, in hexadecimal digits, of the UTF-8 text with one line for the dictionary and
         * one for each group: its supernode's key, then {@code layer/feature/position} of its
         * members, separated by tabs. Results are only those of partitions of the same hash.
         */
        public String hash() {
            MessageDigest digest = HashingInput.sha256();
            update(digest, dictionary);
            for (Group group : groups) {
                update(digest, "\n" + group.supernode());
                for (Member member : group.members()) {
                    update(
                            digest,
                            "\t"
                                    + member.layer()
                                    + "/"
                                    + member.feature()
                                    + "/"
                                    + member.position());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        private static void update(MessageDigest digest, String text) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private InterventionList() {}

    /**
     * Writes a list.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @param kinds what is to be done with each partition; references are always run
     * @param others what features outside the circuit have: {@code mean} or {@code actual}
     * @throws FormatException when the file cannot be written
     */
    public static void write(
            Path target, List<InterventionKind> kinds, String others, List<Partition> partitions) {
        AtomicFile.write(
                target,
                "the interventions",
                json -> {
                    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
                    writeHeader(json, kinds, others, partitions.size());
                    for (Partition partition : partitions) {
                        write(json, partition);
                    }
                    json.writeRaw('\n');
                });
    }

    private static void writeHeader(
            JsonGenerator json, List<InterventionKind> kinds, String others, int compressions)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("format", FORMAT);
        json.writeArrayFieldStart("kinds");
        for (InterventionKind kind : kinds) {
            json.writeString(kind.word());
        }
        json.writeEndArray();
        json.writeStringField("others", others);
        json.writeNumberField("compressions", compressions);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Partition partition) throws IOException {
        json.writeStartObject();
        json.writeStringField("compression", partition.compression());
        json.writeStringField("partition", partition.hash());
        json.writeStringField("circuit", partition.circuit());
        json.writeStringField("dictionary", partition.dictionary());
        json.writeArrayFieldStart("readout");
        for (int position : partition.readout()) {
            json.writeNumber(position);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("supernodes");
        for (Group group : partition.groups()) {
            json.writeStartObject();
            json.writeStringField("supernode", group.supernode());
            json.writeArrayFieldStart("members");
            for (Member member : group.members()) {
                json.writeStartArray();
                json.writeNumber(member.layer());
                json.writeNumber(member.feature());
                json.writeNumber(member.position());
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
