package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptFormatTest {

    @Test
    void sumsHaveOneFormatThatEndsAtTheEqualsSign() {
        PromptFormat format = format("^12+34=46", "^10+34=44", "^92+07=99").orElseThrow();
        assertThat(format.prompts()).isEqualTo(3);
        assertThat(format.places()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(format.lastFixed()).isEqualTo(6);
        assertThat(format.answerPlaces()).containsExactly(6, 7, 8);
    }

    @Test
    void aFrameThatClosesThePromptLeavesTheLastPlace() {
        assertThat(format("^ab to", "^cd to").orElseThrow().answerPlaces()).containsExactly(5);
    }

    @Test
    void promptsOfDifferentLengthHaveNoFormat() {
        assertThat(format("^1+2=3", "^1+2=30")).isEmpty();
        assertThat(format("^1+2=30", "^1+2=3")).isEmpty();
        assertThat(format("^12", "^1", "^123")).isEmpty();
    }

    @Test
    void textsOfOneLengthHaveNoFormat() {
        assertThat(format("^abcd", "^efgh", "^ijkl")).isEmpty();
    }

    @Test
    void aCommonBeginningIsNoFormat() {
        assertThat(format("^once cat", "^once dog")).isEmpty();
    }

    @Test
    void equalPromptsHaveNoFormat() {
        assertThat(format("^1+2=3", "^1+2=3")).isEmpty();
    }

    @Test
    void onePromptOrNoneHasNoFormat() {
        assertThat(format("^1+2=3")).isEmpty();
        assertThat(format()).isEmpty();
    }

    @Test
    void placesThatAreNotTheSameAreNoFormat() {
        int[] prompts = {0, 0, 0, 1, 1, 1};
        long[] tokens = {1, 2, 3, 1, 4, 3};
        assertThat(PromptFormat.of(prompts, new int[] {1, 2, 3, 1, 2, 3}, tokens)).isPresent();
        assertThat(PromptFormat.of(prompts, new int[] {1, 2, 3, 1, 2, 4}, tokens)).isEmpty();
    }

    private static Optional<PromptFormat> format(String... prompts) {
        List<Integer> prompt = new ArrayList<>();
        List<Integer> place = new ArrayList<>();
        List<Long> token = new ArrayList<>();
        for (int i = 0; i < prompts.length; i++) {
            for (int k = 0; k < prompts[i].length(); k++) {
                prompt.add(i);
                place.add(k);
                token.add((long) prompts[i].charAt(k));
            }
        }
        return PromptFormat.of(
                prompt.stream().mapToInt(Integer::intValue).toArray(),
                place.stream().mapToInt(Integer::intValue).toArray(),
                token.stream().mapToLong(Long::longValue).toArray());
    }
}
