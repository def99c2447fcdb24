package org.ocpu.app.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RValue;

/** Data frames of real R, written here and read by Arrow's JavaScript implementation and by hyparquet. */
class TableReadersIT {
    private static final Path SOURCES = Path.of("src", "test", "js", "tables");
    private static final Path READERS = Path.of("target", "table-readers");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeAll
    static void installReaders() throws Exception {
        Files.createDirectories(READERS);
        for (String name : List.of("package.json", "package-lock.json", "read.mjs")) {
            Files.copy(SOURCES.resolve(name), READERS.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        run(READERS, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
    }

    private static byte[] run(Path directory, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor(), String.join(" ", command));
        return output;
    }

    /** What R makes of {@code code}, by way of an .rds file. */
    private RValue evaluated(String code) throws Exception {
        Path script = Files.writeString(directory.resolve("make.R"), "saveRDS({" + code + "}, 'value.rds')");
        run(directory, "Rscript", "--vanilla", script.toString());
        try (InputStream rds = Files.newInputStream(directory.resolve("value.rds"))) {
            return RDataReader.read(rds);
        }
    }

    private JsonNode read(TableFormat format, RValue value) throws Exception {
        Path file = directory.resolve("table." + format.extension());
        try (OutputStream out = Files.newOutputStream(file)) {
            format.write(value, out);
        }
        String reader = format == TableFormat.PARQUET ? "parquet" : "arrow";
        return JSON.readTree(
                run(READERS, "node", "read.mjs", reader, file.toAbsolutePath().toString()));
    }

    /** Checks name, type and values of each column, a line each. */
    private void assertTable(String expected, TableFormat format, RValue value) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (JsonNode column : read(format, value).get("columns")) {
            lines.append(column.get("name").textValue() + ": "
                    + column.get("type").textValue() + " " + column.get("values") + "\n");
        }
        assertEquals(expected, lines.toString(), format.toString());
    }

    private void assertTables(String arrow, String parquet, RValue value) throws Exception {
        assertTable(arrow, TableFormat.FEATHER, value);
        assertTable(arrow, TableFormat.ARROWIPC, value);
        assertTable(parquet, TableFormat.PARQUET, value);
    }

    @Test
    void vectorsKeepTheirTypesAndMissingValues() throws Exception {
        RValue frame = evaluated("""
                df <- data.frame(flag = c(TRUE, FALSE, NA), int = c(1L, NA, -3L), num = c(1.5, NA, NaN),
                  inf = c(-Inf, 0, Inf), text = c("\\u00e9t\\u00e9 \\U0001F600", NA, ""), byte = as.raw(c(0, 127, 255)))
                df$big <- structure(c(2^-1074, -0, 2^-1022), class = "integer64")
                df""");
        assertTables("""
                flag: Bool [true,false,null]
                int: Int32 [1,null,-3]
                num: Float64 [1.5,null,"NaN"]
                inf: Float64 ["-Infinity",0,"Infinity"]
                text: Utf8 ["été 😀",null,""]
                byte: Uint8 [0,127,255]
                big: Int64 ["1n",null,"4503599627370496n"]
                """, """
                flag: BOOLEAN [true,false,null]
                int: INT32 [1,null,-3]
                num: DOUBLE [1.5,null,"NaN"]
                inf: DOUBLE ["-Infinity",0,"Infinity"]
                text: BYTE_ARRAY STRING ["été 😀",null,""]
                byte: INT32 INTEGER [0,127,255]
                big: INT64 ["1n",null,"4503599627370496n"]
                """, frame);
    }

    @Test
    void factorsAreStringsFromADictionary() throws Exception {
        RValue frame = evaluated("""
                data.frame(kind = factor(c("b", NA, "a")), size = factor(c("lo", "hi", "lo"), c("lo", "hi"), ordered = TRUE),
                  known = addNA(factor(c("x", NA, "x"))))""");
        assertTables("""
                kind: Dictionary<Int8, Utf8> ["b",null,"a"]
                size: Dictionary<Int8, Utf8> ordered ["lo","hi","lo"]
                known: Dictionary<Int8, Utf8> ["x",null,"x"]
                """, """
                kind: BYTE_ARRAY STRING ["b",null,"a"]
                size: BYTE_ARRAY STRING ["lo","hi","lo"]
                known: BYTE_ARRAY STRING ["x",null,"x"]
                """, frame);
    }

    @Test
    void datesAndTimesAreMomentsOfTheirZone() throws Exception {
        RValue frame = evaluated("""
                data.frame(day = as.Date(c("2020-02-29", NA, "1969-12-31")),
                  when = as.POSIXct(c("2024-03-10 12:34:56.789012", NA, "1969-12-31 23:59:59"), tz = "America/New_York"),
                  wall = structure(c(1e9, NA, 0.25), class = c("POSIXct", "POSIXt"), tzone = ""))""");
        assertTables("""
                day: Date32<DAY> [1582934400000,null,-86400000]
                when: Timestamp<MICROSECOND, America/New_York> [1.710088496789012E12,null,17999000]
                wall: Timestamp<MICROSECOND> [1000000000000,null,250]
                """, """
                day: INT32 DATE ["2020-02-29T00:00:00.000Z",null,"1969-12-31T00:00:00.000Z"]
                when: INT64 TIMESTAMP ["2024-03-10T16:34:56.789Z",null,"1970-01-01T04:59:59.000Z"]
                wall: INT64 TIMESTAMP ["2001-09-09T01:46:40.000Z",null,"1970-01-01T00:00:00.250Z"]
                """, frame);
    }

    @Test
    void durationsAreSecondsOrMicroseconds() throws Exception {
        RValue frame = evaluated("""
                data.frame(wait = as.difftime(c(1, NA, 90), units = "mins"), part = as.difftime(c(1.5, NA, 0), units = "secs"),
                  noon = structure(c(43200, NA, 0), units = "secs", class = c("hms", "difftime")),
                  late = structure(c(86399.5, NA, 0), units = "secs", class = c("hms", "difftime")))""");
        assertTables("""
                wait: Duration<SECOND> ["60n",null,"5400n"]
                part: Duration<MICROSECOND> ["1500000n",null,"0n"]
                noon: Time32<SECOND> [43200,null,0]
                late: Time64<MICROSECOND> ["86399500000n",null,"0n"]
                """, """
                wait: INT64 ["60n",null,"5400n"]
                part: INT64 ["1500000n",null,"0n"]
                noon: INT32 TIME [43200000,null,0]
                late: INT64 TIME ["86399500000n",null,"0n"]
                """, frame);
    }

    @Test
    void listsAndDataFramesNest() throws Exception {
        RValue frame = evaluated("""
                df <- data.frame(row.names = 1:4)
                df$ints <- list(1:2, NULL, integer(), NA)
                df$ints[[4]] <- NA_integer_
                df$words <- list("a", c("b", NA), character(), c("c", "d", "e"))
                df$kinds <- rep(list(factor("q", c("p", "q"))), 4)
                df$inner <- data.frame(x = 1:4, y = c("p", NA, "q", ""))
                df$inner$z <- list(1, NULL, numeric(), c(2, 3))
                df""");
        String values = """
                [[1,2],null,[],[null]]
                [["a"],["b",null],[],["c","d","e"]]
                [["q"],["q"],["q"],["q"]]
                [{"x":1,"y":"p","z":[1]},{"x":2,"y":null,"z":null},{"x":3,"y":"q","z":[]},{"x":4,"y":"","z":[2,3]}]
                """;
        assertTables(
                headed(
                        values,
                        "ints: List<Int32> ",
                        "words: List<Utf8> ",
                        "kinds: List<Dictionary<Int8, Utf8>> ",
                        "inner: Struct<{x:Int32, y:Utf8, z:List<Float64>}> "),
                headed(values, "ints: GROUP LIST ", "words: GROUP LIST ", "kinds: GROUP LIST ", "inner: GROUP "),
                frame);
    }

    private static String headed(String lines, String... heads) {
        List<String> all = lines.lines().toList();
        StringBuilder headed = new StringBuilder();
        for (int i = 0; i < heads.length; i++) {
            headed.append(heads[i] + all.get(i) + "\n");
        }
        return headed.toString();
    }

    @Test
    void tablesWithoutRowsOrColumnsAreTables() throws Exception {
        RValue noRows = evaluated("data.frame(x = integer(), f = factor(character()), l = I(list()))");
        assertTables(
                "x: Int32 []\nf: Dictionary<Int8, Utf8> []\nl: List<Bool> []\n",
                "x: INT32 []\nf: BYTE_ARRAY STRING []\nl: GROUP LIST []\n",
                noRows);
        RValue noColumns = evaluated("data.frame(row.names = c('a', 'b', 'c'))");
        assertTables("", "", noColumns);
        for (TableFormat format : TableFormat.values()) {
            assertEquals(3, read(format, noColumns).get("rows").intValue(), format.toString());
        }
    }

    @Test
    void rowsOfSeveralArrowBatchesAllArrive() throws Exception {
        RValue frame = evaluated("data.frame(i = 1:150000)");
        List<Integer> expected = IntStream.rangeClosed(1, 150_000).boxed().toList();
        for (TableFormat format : List.of(TableFormat.FEATHER, TableFormat.ARROWIPC)) {
            assertEquals(
                    expected,
                    values(read(format, frame)).map(JsonNode::intValue).toList(),
                    format.toString());
        }
    }

    @Test
    void rowsOfSeveralParquetRowGroupsAllArrive() throws Exception {
        RValue frame = evaluated("data.frame(text = paste0(strrep('.', 3000), 1:12000))"); // 36 MB
        List<Integer> expected = IntStream.rangeClosed(1, 12_000).boxed().toList();
        Stream<JsonNode> texts = values(read(TableFormat.PARQUET, frame));
        assertEquals(
                expected,
                texts.map(text -> Integer.valueOf(text.textValue().substring(3000)))
                        .toList());
    }

    /** Those of the first column. */
    private static Stream<JsonNode> values(JsonNode table) {
        return StreamSupport.stream(table.at("/columns/0/values").spliterator(), false);
    }
}
