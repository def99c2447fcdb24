package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.app.BadRequestException;

class UrlEncodedFormTest {
    private static Map<String, String> parse(String body) {
        return UrlEncodedForm.parse(body.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void namesAndValuesKeepTheirOrderAndCharacters() {
        Map<String, String> form = parse("b=1&a=x+y%20z&%C3%A9=%E2%82%AC&empty=&bare&&c=a=b");
        assertEquals(List.of("b", "a", "é", "empty", "bare", "c"), List.copyOf(form.keySet()));
        assertEquals(List.of("1", "x y z", "€", "", "", "a=b"), List.copyOf(form.values()));
    }

    @Test
    void anArgumentWithoutAValueIsMissing() {
        byte[] body = "x=&y&z=1".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(Map.of("x", "NA", "y", "NA", "z", "1"), UrlEncodedForm.arguments(body));
    }

    @Test
    void utf8ThatIsNotPercentEncodedIsTakenAsItIs() {
        assertEquals(Map.of("é", "€"), UrlEncodedForm.parse("é=€".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "x=%zz, percent-encoded",
        "x=%4, percent-encoded",
        "x=%, percent-encoded",
        "x=%+1, percent-encoded",
        "x=%ff, UTF-8",
        "%c3=1, UTF-8",
        "x=%C0%AF, UTF-8",
        "x=a%00b, NUL",
        "x=1&x=2, more than once",
        "=1, no name"
    })
    void whatIsBrokenIsNotGuessed(String body, String part) {
        String message =
                assertThrows(BadRequestException.class, () -> parse(body)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void tenThousandArgumentsAreTakenAllTheSame() {
        String body =
                IntStream.range(0, 10_000).mapToObj(i -> "a" + i + "=" + i).collect(Collectors.joining("&"));
        assertEquals(10_000, parse(body).size());
    }
}
