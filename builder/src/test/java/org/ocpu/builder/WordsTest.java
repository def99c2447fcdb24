package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1023, 1023 bytes",
        "1024, 1 KB",
        "1280, 1.3 KB",
        "1048524, 1023.9 KB",
        "1048525, 1 MB",
        "3400000, 3.2 MB",
        "5368709120, 5 GB",
        "9223372036854775807, 8388608 TB"
    })
    void bytesAreToldInTheLargestUnitThatFits(long bytes, String words) {
        assertEquals(words, Words.size(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "1549, 1.5 s",
        "59900, 59.9 s",
        "60000, 1 min 0 s",
        "75300, 1 min 15 s",
        "3599999, 59 min 59 s",
        "7500000, 2 h 5 min"
    })
    void timesAreToldAsExactlyAsMatters(long millis, String words) {
        assertEquals(words, Words.time(Duration.ofMillis(millis)));
    }
}
