package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemRequirementsTest {
    @Test
    void tellsInOneSentenceWhatIsMissing() {
        Map<String, String> description = Map.of("Package", "bayes", "SystemRequirements", "JAGS (>= 4) (deb).");
        assertEquals(
                List.of("bayes needs the system's JAGS (>= 4) (deb): apt-get install jags"),
                SystemRequirements.missing(description));
    }
}
