package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConstraintsTest {

    private static void isRefused(UnaryOperator<Constraints.Builder> collect, String message) {
        Constraints.Builder builder =
                Constraints.builder(4).named(i -> "node '" + "abcd".charAt(i) + "'");
        assertThatThrownBy(() -> collect.apply(builder).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void contradictionsNameTheItems() {
        isRefused(
                b -> b.mustLink(0, 1).mustLink(1, 2).cannotLink(2, 0),
                "node 'c' and node 'a' must link, but they cannot link; drop one of the two"
                        + " demands");
        isRefused(
                b -> b.cannotLink(3, 3),
                "node 'd' and node 'd' must link, but an item cannot be kept apart from itself");
        isRefused(
                b -> b.mustLink(3, 1).equal(new Object[] {"x", "x", "x", null}),
                "node 'b' and node 'd' must link, but they differ in what must be equal within a"
                        + " group");
        isRefused(
                b -> b.mustLink(0, 1).mustLink(1, 2).opposed(new int[] {0, 1, -1, 1}),
                "node 'b' and node 'c' must link, but they have opposite signs");
        isRefused(
                b ->
                        b.mustLink(0, 2)
                                .maximumSpan(new int[] {1, 0, 4, 0}, new int[] {2, 9, 5, 0}, 3),
                "node 'a' and node 'c' must link, but with all that must link with them they span"
                        + " 4 layers or more, above the maximum of 3");
        isRefused(
                b -> b.mustLink(0, 2).maximumSize(new int[] {2, 9, 2, 9}, 3),
                "node 'a' and node 'c' must link, but with all that must link with them they have"
                        + " size 4 or more, above the maximum of 3");
    }

    @Test
    void whatIsNoConstraintIsRefused() {
        isRefused(b -> b.equal(new Object[3]), "there are 3 keys for 4 items");
        isRefused(b -> b.opposed(new int[5]), "there are 5 signs for 4 items");
        isRefused(
                b -> b.maximumSize(new int[] {1, 1, -1, 1}, 3),
                "node 'c' has size -1; it must be >= 0");
        isRefused(b -> b.maximumSize(new int[4], 0), "the maximum size is 0; it must be >= 1");
        isRefused(
                b -> b.maximumSpan(new int[4], new int[4], -1),
                "the maximum span is -1; it must be >= 0");
        isRefused(
                b -> b.maximumSpan(new int[] {0, 3, 0, 0}, new int[4], 1),
                "node 'b' has lowest layer 3 above its highest, 0");
    }
}
