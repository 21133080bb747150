package dev.sot.procedures.space;

import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * Makes a space of tokens: every position of one corpus or several is placed by the text of its
 * token, and points are equal or not. It needs no hidden states.
 */
final class TokenSpaceFit {

    private final Session session;
    private final SpaceFitConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final List<Node> corpora;
    private final SpacePositions positions;

    TokenSpaceFit(Session session, SpaceFitConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
        // In the order in which a space's corpora are read.
        this.corpora =
                config
                        .corpora()
                        .map(names -> names.stream().distinct().sorted().toList())
                        .orElseGet(() -> Arrays.asList(config.corpus().orElse(null)))
                        .stream()
                        .map(name -> CorpusStore.require(session.tx(), name))
                        .toList();
        this.positions = SpacePositions.of(corpora);
    }

    SpaceFitResult run() {
        String name = config.name().orElse(SpaceMethod.TOKENS.text());
        return Exclusive.run(session, "reference space '" + name + "'", () -> fit(name));
    }

    private SpaceFitResult fit(String name) {
        BitSet excluded = excluded();
        config.effective().put("name", name);
        config.effective().put("corpora", positions.names());
        SpaceChoice choice = SpaceChoice.askedFor(SpaceMethod.TOKENS);
        NamedSpace named = NamedSpace.of(session, name, contentHash(), config.replace());
        if (named.unchanged()) {
            return new SpaceFitResult(
                    named.found().orElseThrow(), "unchanged", choice, 0, 0, 0, config.effective());
        }
        try (Heap heap = session.heap()) {
            TokenNumbers tokens = TokenNumbers.of(session, heap, positions);
            long computeMillis = stopwatch.lap();
            named.delete(session);
            try (BatchWriter writer =
                    BatchWriter.of(
                            session,
                            positions.size() > SpaceFit.SINGLE_TRANSACTION_VALUES,
                            corpora.toArray(Node[]::new))) {
                Node space = writer.tx().createNode(Names.REFERENCE_SPACE);
                space.setProperty("name", name);
                space.setProperty("method", choice.method().text());
                space.setProperty("dimension", 1);
                space.setProperty("whitened", false);
                space.setProperty("tokens", tokens.different());
                space.setProperty("sharedTokens", tokens.shared());
                space.setProperty("mapped", false);
                space.setProperty("positions", (long) positions.size());
                space.setProperty("excludedFirstTokens", excluded.cardinality());
                space.setProperty("excludedSinks", 0);
                space.setProperty("contentHash", contentHash());
                config.excludeFirstToken()
                        .ifPresent(e -> space.setProperty("excludeFirstToken", e));
                space.setProperty("complete", false);
                corpora.forEach(
                        corpus -> SpaceStore.link(writer, space, corpus, true, Optional.empty()));
                BatchWriter.Handle handle = writer.handle(space);
                PointWriter blocks =
                        new PointWriter(writer, handle, 0, positions.size(), 1, excluded);
                for (int position = 0; position < positions.size(); position++) {
                    blocks.add(tokens.numbers(), position, 1);
                }
                handle.node().setProperty("complete", true);
                SpaceFitResult result =
                        new SpaceFitResult(
                                handle.node(),
                                named.status(),
                                choice,
                                0,
                                computeMillis,
                                stopwatch.lap(),
                                config.effective());
                writer.finish();
                return result;
            }
        }
    }

    private BitSet excluded() {
        BitSet excluded = new BitSet();
        for (int c = 0; c < corpora.size(); c++) {
            if (excludesFirst(corpora.get(c))) {
                int start = positions.starts()[c];
                CorpusStore.firstTokens(corpora.get(c)).stream()
                        .forEach(first -> excluded.set(start + first));
            }
        }
        return excluded;
    }

    private boolean excludesFirst(Node corpus) {
        return SpacePart.excludesFirst(corpus, config);
    }

    private String contentHash() {
        return ContentHash.of(
                Stream.concat(
                                Stream.of(SpaceMethod.TOKENS.text()),
                                corpora.stream()
                                        .flatMap(
                                                c ->
                                                        Stream.of(
                                                                (String) c.getProperty("name"),
                                                                (String)
                                                                        c.getProperty(
                                                                                "contentHash"),
                                                                Boolean.toString(
                                                                        excludesFirst(c)))))
                        .toArray(String[]::new));
    }
}
