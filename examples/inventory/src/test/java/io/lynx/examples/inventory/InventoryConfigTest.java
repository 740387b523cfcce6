package io.lynx.examples.inventory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryConfigTest {
    @Test
    void refusesANegativeNumberOfPieces() {
        assertThatThrownBy(() -> new InventoryConfig(Map.of("lamp", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("items: 'lamp' has -1 pieces; 0 or more");
    }
}
