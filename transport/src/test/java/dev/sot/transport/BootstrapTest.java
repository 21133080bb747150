package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static int[] draws(int prompts, long seed) {
        Bootstrap bootstrap = new Bootstrap(new int[0], prompts, seed);
        return IntStream.range(0, prompts).map(bootstrap::draws).toArray();
    }

    @Test
    void asManyPromptsAreDrawnAsThereAre() {
        assertThat(draws(50, 3)).isEqualTo(draws(50, 3)).isNotEqualTo(draws(50, 4));
        assertThat(IntStream.of(draws(50, 3)).sum()).isEqualTo(50);
        assertThat(draws(1, 9)).containsExactly(1);
    }

    @Test
    void everyPromptIsDrawnAlikeOftenAndAThirdOfThemNever() {
        int[] sum = new int[20];
        int never = 0;
        for (int seed = 0; seed < 5_000; seed++) {
            int[] draws = draws(20, seed);
            for (int k = 0; k < 20; k++) {
                sum[k] += draws[k];
                never += draws[k] == 0 ? 1 : 0;
            }
        }
        assertThat(IntStream.of(sum).boxed())
                .allSatisfy(s -> assertThat(s).isBetween(4_700, 5_300));
        // (1 - 1/20)^20 = 0.358
        assertThat(never / 100_000.0).isBetween(0.353, 0.363);
    }

    @Test
    void anActivationCountsAsOftenAsItsPromptWasDrawn() {
        Bootstrap bootstrap = new Bootstrap(new int[] {0, 0, 1, 2, 2}, 3, 1);
        assertThat(bootstrap.activations(new int[] {0, 2, 4}, new double[] {1.5, 2, 3}))
                .containsExactly(
                        1.5 * bootstrap.draws(0),
                        2.0 * bootstrap.draws(1),
                        3.0 * bootstrap.draws(2));
    }
}
