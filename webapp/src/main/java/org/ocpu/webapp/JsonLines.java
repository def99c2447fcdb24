package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.List;

/** JSON for people and programs: indented, as an array. */
final class JsonLines {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonLines() {}

    static void print(List<JsonNode> entries, PrintWriter out) {
        out.println(JSON.createArrayNode().addAll(entries).toPrettyString());
    }
}
