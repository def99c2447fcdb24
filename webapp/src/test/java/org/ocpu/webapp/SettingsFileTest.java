package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
    private static final String TEXT = """
            # first: comment \\
            workers.max: 3

              ! another = one
            smtp.host = mail.example.org
            repos: https://one.example.org, \\
               https://two.example.org
            notify.url:https://x.example.org/a\\\\
            previews
            workers.max=4
              admin.email\\u003d ada@example.org
            """;

    @Test
    void linesAreThoseWhereASettingBegins() throws Exception {
        SettingsFile file = SettingsFile.parse(TEXT.lines().toList());
        assertEquals(
                Map.of(
                        "smtp.host",
                        5,
                        "repos",
                        6,
                        "notify.url",
                        8,
                        "previews",
                        9,
                        "workers.max",
                        10,
                        "admin.email=",
                        11),
                file.lines());
    }

    @Test
    void valuesAreThoseOfJavasProperties() throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(TEXT));
        Map<String, String> values = SettingsFile.parse(TEXT.lines().toList()).values();
        assertEquals(properties.stringPropertyNames(), values.keySet());
        values.forEach((key, value) -> assertEquals(properties.getProperty(key).strip(), value));
    }
}
