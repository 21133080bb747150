package dev.sot.procedures.labelling;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.neo4j.graphdb.Node;

/** By what a label knows that it is of the supernodes that there are. */
final class PartitionHash {

    private PartitionHash() {}

    /** SHA-256 of the members of a compression's supernodes, of whatever they are nodes. */
    static String of(Session session, Node compression) {
        MessageDigest digest = sha256();
        for (Node supernode : CompressionStore.supernodes(compression)) {
            session.monitor().check();
            update(digest, (String) supernode.getProperty("key"));
            for (Membership member : CompressionStore.memberships(supernode)) {
                update(
                        digest,
                        "%d %s %d %d"
                                .formatted(
                                        member.ordinal(),
                                        member.feature(),
                                        member.layer(),
                                        member.position()));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
