package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProfileSimilarityTest {

    @Test
    void sharesAreComparedByAngleAndByOverlap() {
        ProfileSimilarity found =
                ProfileSimilarity.of(new double[] {0.5, 0.5, 0}, new double[] {0.5, 0, 0.5});
        assertThat(found.cosine()).isCloseTo(0.5, within(1e-15));
        assertThat(found.overlap()).isEqualTo(0.5);
        assertThat(ProfileSimilarity.of(new double[] {0.25, 0.75}, new double[] {0.25, 0.75}))
                .isEqualTo(new ProfileSimilarity(1, 1));
    }

    @Test
    void aProfileOfNothingHasNoAngle() {
        assertThat(ProfileSimilarity.of(new double[1], new double[] {1}).cosine()).isNaN();
    }

    @Test
    void profilesOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> ProfileSimilarity.of(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the profiles have 2 and 3 entries");
    }
}
