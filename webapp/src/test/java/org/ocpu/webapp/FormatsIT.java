package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every output format of objects and plots; what a text should be is asked of R itself. */
class FormatsIT {
    /** Objects that no package has; evaluated by the server and by plain R alike. */
    private static final String OBJECTS = """
            fun <- function(x, y = 2) x + y
            environment(fun) <- globalenv()
            flowers <- setNames(iris, c('a', 'b', 'c', 'd', 'Species'))
            lst <- list(a = 1:3, b = list(c = 'x', d = NULL), TRUE)
            times <- data.frame(day = as.Date('2024-02-28') + 0:2, at = as.POSIXct('2024-02-28 12:30:00', tz = 'UTC') + c(0, NA, 90))
            uni <- c(a = '\\u00e9\\u4e2d\\U1F600', b = NA, c = 'a "quoted", text\\n\\tof lines')
            odd <- data.frame(`a b` = c(1.5, NA, Inf), l = c(TRUE, NA, FALSE), s = c('x', NA, 'y,"z"'), check.names = FALSE)
            cplx <- c(1+2i, NA)
            none <- NULL
            """;

    /** Options as the worker sets them, and what the formats are in terms of R's own functions. */
    private static final String PRELUDE = """
            options(useFancyQuotes = FALSE, encoding = 'UTF-8', max.print = 1000, scipen = 3, keep.source = FALSE)
            suppressMessages(library(jsonlite))
            text_of <- function(write) {
              file <- tempfile()
              write(file)
              readChar(file, file.size(file), useBytes = TRUE)
            }
            printed <- function(x, ...) capture.output(print(x, ...))
            csv <- function(x, ..., eol = '\\r\\n', na = '', row.names = FALSE) {
              text_of(function(file) write.csv(x, file, eol = eol, na = na, row.names = row.names, ...))
            }
            tab <- function(x, ..., eol = '\\r\\n', na = '', row.names = FALSE) {
              text_of(function(file) write.table(x, file, eol = eol, na = na, row.names = row.names, ...))
            }
            lines_of <- function(x, ...) text_of(function(file) cat(paste(unlist(x), collapse = '\\n'), file = file, ...))
            ndjson <- function(x, ...) capture.output(stream_out(x, verbose = FALSE, ...))
            markdown <- function(x, ...) capture.output(pander::pander(x, ...))
            expect <- function(n, lines) {
              text <- tryCatch(enc2utf8(paste(lines, collapse = '\\n')), error = function(e) 'an error')
              writeLines(text, paste0('expected', n), useBytes = TRUE)
            }
            """;

    /** An object, the end of an address, and the R expression that is the text there; {@code x} is the object. */
    private record Case(String object, String format, String expected) {
        @Override
        public String toString() {
            return object + "/" + format;
        }
    }

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String session;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(directory.resolve("data"), Map.of());
        session = server.session("{" + OBJECTS + "0}");
        StringBuilder program = new StringBuilder(PRELUDE + OBJECTS);
        List<Case> cases = cases().toList();
        for (int n = 0; n < cases.size(); n++) {
            Case one = cases.get(n);
            program.append("x <- %s; expect(%d, %s)%n".formatted(one.object(), n, one.expected()));
        }
        RProgram.run(directory, program.toString());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String address(String object) {
        if (OBJECTS.contains(object + " <- ")) {
            return session + "R/" + object + "/";
        }
        return "/ocpu/library/" + (List.of("letters", "pi").contains(object) ? "base" : "datasets") + "/R/" + object
                + "/";
    }

    static Stream<Case> cases() {
        Stream<Case> printed = Stream.of(
                        "women",
                        "iris",
                        "mtcars",
                        "Titanic",
                        "letters",
                        "pi",
                        "euro",
                        "state.center",
                        "presidents",
                        "infert",
                        "fun",
                        "lst",
                        "times",
                        "uni",
                        "odd",
                        "cplx",
                        "none")
                .map(object -> new Case(object, "print", "printed(x)"));
        Stream<Case> json = Stream.of(
                        "women",
                        "iris",
                        "mtcars",
                        "Titanic",
                        "letters",
                        "pi",
                        "euro",
                        "state.center",
                        "presidents",
                        "infert",
                        "lst",
                        "times",
                        "uni",
                        "odd",
                        "cplx",
                        "none")
                .flatMap(object -> Stream.of(
                        new Case(object, "json", "toJSON(x, pretty = TRUE)"),
                        new Case(
                                object,
                                "json?pretty=false&digits=1&na=null",
                                "toJSON(x, pretty = FALSE, digits = 1, na = 'null')"),
                        new Case(object, "json?auto_unbox=true&pretty=2", "toJSON(x, auto_unbox = TRUE, pretty = 2)")));
        Stream<Case> csv = Stream.of(
                        "women",
                        "iris",
                        "mtcars",
                        "Titanic",
                        "letters",
                        "pi",
                        "euro",
                        "state.center",
                        "presidents",
                        "infert",
                        "times",
                        "uni",
                        "odd")
                .flatMap(object -> Stream.of(
                        new Case(object, "csv", "csv(x)"),
                        new Case(
                                object,
                                "csv?row.names=true&na=%22NA%22&quote=false",
                                "csv(x, row.names = TRUE, na = 'NA', quote = FALSE)"),
                        new Case(object, "tab", "tab(x)"),
                        new Case(object, "tab?sep=%22%3B%22&dec=%22%2C%22", "tab(x, sep = ';', dec = ',')")));
        Stream<Case> ndjson = Stream.of("women", "iris", "mtcars", "infert", "times", "odd")
                .flatMap(object -> Stream.of(
                        new Case(object, "ndjson", "ndjson(x)"),
                        new Case(object, "ndjson?digits=0&na=string", "ndjson(x, digits = 0, na = 'string')")));
        Stream<Case> markdown = Stream.of("women", "mtcars", "letters", "pi", "lst", "times", "uni")
                .map(object -> new Case(object, "md", "markdown(x)"));
        Stream<Case> text = Stream.of("letters", "pi", "uni", "state.center", "women")
                .map(object -> new Case(object, "text", "lines_of(x)"));
        Stream<Case> ascii = Stream.of("women", "letters", "pi", "euro", "fun", "lst", "times", "cplx", "none")
                .map(object -> new Case(object, "ascii", "deparse(x)"));
        return Stream.of(printed, json, csv, ndjson, markdown, text, ascii, options())
                .flatMap(part -> part);
    }

    private static Stream<Case> options() {
        return Stream.of(
                new Case("pi", "print?digits=3", "printed(x, digits = 3)"),
                new Case("women", "print?row.names=false", "printed(x, row.names = FALSE)"),
                new Case("letters", "print?quote=false", "printed(x, quote = FALSE)"),
                new Case("women", "json?dataframe=columns", "toJSON(x, dataframe = 'columns', pretty = TRUE)"),
                new Case("women", "json?dataframe=%22values%22", "toJSON(x, dataframe = 'values', pretty = TRUE)"),
                new Case("Titanic", "json?matrix=columnmajor", "toJSON(x, matrix = 'columnmajor', pretty = TRUE)"),
                new Case(
                        "times",
                        "json?Date=epoch&POSIXt=ISO8601",
                        "toJSON(x, Date = 'epoch', POSIXt = 'ISO8601', pretty = TRUE)"),
                new Case("iris", "json?factor=integer", "toJSON(x, factor = 'integer', pretty = TRUE)"),
                new Case("none", "json?null=null", "toJSON(x, null = 'null', pretty = TRUE)"),
                new Case("cplx", "json?complex=list", "toJSON(x, complex = 'list', pretty = TRUE)"),
                new Case("pi", "json?digits=NA", "toJSON(x, digits = NA, pretty = TRUE)"),
                new Case("pi", "json?digits=10", "toJSON(x, digits = 10, pretty = TRUE)"),
                new Case(
                        "lst",
                        "json?force=true&auto_unbox=true",
                        "toJSON(x, force = TRUE, auto_unbox = TRUE, pretty = TRUE)"),
                new Case("mtcars", "json?rownames=false", "toJSON(x, rownames = FALSE, pretty = TRUE)"),
                new Case("women", "csv?eol=%22%5Cn%22", "csv(x, eol = '\\n')"),
                new Case("women", "md?style=%22rmarkdown%22", "markdown(x, style = 'rmarkdown')"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTextIsWhatRMakesOfTheObject(Case one) throws IOException {
        int n = cases().toList().indexOf(one);
        HttpResponse<byte[]> answer = server.get(address(one.object()) + one.format());
        String expected = Files.readString(directory.resolve("expected" + n)).stripTrailing();
        if (expected.equals("an error")) {
            assertEquals(400, answer.statusCode(), text(answer));
            return;
        }
        assertEquals(200, answer.statusCode(), text(answer));
        assertEquals(expected, new String(answer.body(), StandardCharsets.UTF_8).stripTrailing());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "print | text/plain | ",
                "md | text/plain | ",
                "text | text/plain | ",
                "ascii | text/plain | ",
                "json | application/json | ",
                "ndjson | application/x-ndjson | ",
                "csv | text/csv | women.csv",
                "tab | text/plain | women.tab",
                "rds | application/r-rds | women.rds",
                "rda | application/octet-stream | women.RData",
                "pb | application/x-protobuf | women.pb",
                "feather | application/feather | women.feather",
                "parquet | application/parquet | women.parquet",
                "spss | application/spss-sav | women.sav",
                "stata | application/stata-dta | women.dta",
                "sas | application/sas7bdat | women.sas7bdat",
            })
    void aFormatHasItsMediaTypeAndFileName(String format, String type, String file) {
        HttpResponse<byte[]> answer = server.get("/ocpu/library/datasets/R/women/" + format);
        assertEquals(200, answer.statusCode(), text(answer));
        assertEquals(type, header(answer, "Content-Type").split(";")[0]);
        assertEquals(file == null ? "" : "attachment;filename=\"" + file + "\"", header(answer, "Content-Disposition"));
    }

    @ParameterizedTest
    @CsvSource({"feather, ARROW1", "parquet, PAR1"})
    void tablesForOtherProgramsBeginAsTheyShould(String format, String magic) {
        byte[] body = server.get("/ocpu/library/datasets/R/iris/" + format).body();
        assertEquals(magic, new String(body, 0, magic.length(), StandardCharsets.US_ASCII));
        assertEquals(magic, new String(body, body.length - magic.length(), magic.length(), StandardCharsets.US_ASCII));
    }

    @Test
    void anArrowStreamBeginsWithAMessage() {
        HttpResponse<byte[]> stream = server.get("/ocpu/library/datasets/R/iris/arrowipc");
        assertEquals(200, stream.statusCode());
        assertArrayEquals(new byte[] {-1, -1, -1, -1}, Arrays.copyOf(stream.body(), 4));
    }

    @Test
    void whatRReadsBackIsTheObject() throws IOException {
        for (String object : List.of(
                "women", "iris", "euro", "presidents", "lst", "times", "uni", "odd", "fun", "cplx", "Titanic")) {
            for (String format : List.of("rds", "rda")) {
                save(address(object) + format, object + "." + format);
            }
        }
        save(address("euro") + "rds?compress=false", "plain.rds");
        save(address("euro") + "rds?ascii=true", "ascii.rds");
        save(address("euro") + "rda?ascii=true", "ascii.rda");
        save(address("euro") + "bin", "euro.bin");
        save(address("euro") + "bin?endian=big&size=4", "big.bin");
        for (String object : List.of("women", "flowers", "times")) {
            save(address(object) + "spss", object + ".sav");
            save(address(object) + "stata", object + ".dta");
        }
        save(address("women") + "stata?version=13", "old.dta");
        save(address("women") + "sas", "women.sas7bdat");
        RProgram.run(directory, OBJECTS + """
                same <- function(...) stopifnot(isTRUE(all.equal(..., check.attributes = FALSE, check.environment = FALSE)))
                for (name in c('women', 'iris', 'euro', 'presidents', 'lst', 'times', 'uni', 'odd', 'fun', 'cplx', 'Titanic')) {
                  object <- get(name)
                  loaded <- new.env()
                  stopifnot(identical(load(paste0(name, '.rda'), loaded), name))
                  for (read in list(readRDS(paste0(name, '.rds')), loaded[[name]])) {
                    if (is.function(object)) stopifnot(read(1) == 3) else stopifnot(identical(read, object))
                  }
                }
                stopifnot(identical(readRDS('plain.rds'), euro), identical(readRDS('ascii.rds'), euro))
                stopifnot(readBin('plain.rds', 'raw', 1) == charToRaw('X'))
                load('ascii.rda', loaded)
                stopifnot(identical(loaded$euro, euro))
                stopifnot(identical(readBin('euro.bin', 'double', 100), unname(euro)))
                same(readBin('big.bin', 'double', 100, size = 4, endian = 'big'), unname(euro), tolerance = 1e-6)
                for (read in list(haven::read_sav('women.sav'), haven::read_dta('women.dta'), haven::read_dta('old.dta'),
                    haven::read_sas('women.sas7bdat'))) same(as.data.frame(read), women)
                same(as.character(haven::as_factor(haven::read_sav('flowers.sav')$Species)), as.character(iris$Species))
                same(as.character(haven::as_factor(haven::read_dta('flowers.dta')$Species)), as.character(iris$Species))
                for (read in list(haven::read_sav('times.sav'), haven::read_dta('times.dta'))) {
                  stopifnot(identical(as.numeric(read$day), as.numeric(times$day)), identical(as.numeric(read$at), as.numeric(times$at)))
                }
                """);
    }

    private static void save(String path, String file) throws IOException {
        HttpResponse<byte[]> answer = server.get(path);
        assertEquals(200, answer.statusCode(), () -> path + ": " + text(answer));
        Files.write(directory.resolve(file), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fun/csv",
                "lst/spss",
                "fun/ndjson",
                "pi/ndjson",
                "fun/feather",
                "pi/parquet",
                "lst/arrowipc",
                "fun/stata",
                "fun/text",
                "lst/bin",
                "women/png",
                "women/file",
                "pi/sas"
            })
    void whatAFormatCannotHoldIs400WithAReason(String path) {
        String object = path.split("/")[0];
        HttpResponse<byte[]> answer = server.get(address(object) + path.split("/")[1]);
        assertEquals(400, answer.statusCode(), text(answer));
        assertTrue(text(answer).length() > 10, text(answer));
    }

    @Test
    void anUnknownFormatIs404() {
        for (String format : List.of("nosuch", "JSON", "serialized2", "%20")) {
            HttpResponse<byte[]> answer = server.get("/ocpu/library/datasets/R/women/" + format);
            assertEquals(404, answer.statusCode(), format + ": " + text(answer));
        }
    }

    @Test
    void aFileOfTheSessionIsSentWithItsOwnMediaType() {
        String made = server.session("{writeLines('<p>hi</p>', 'page.html'); 'page.html'}");
        HttpResponse<byte[]> page = server.get(made + "R/.val/file");
        assertEquals(200, page.statusCode(), text(page));
        assertTrue(header(page, "Content-Type").startsWith("text/html"));
        assertEquals("<p>hi</p>", text(page));
        HttpResponse<byte[]> outside = server.get(server.session("'/etc/passwd'") + "R/.val/file");
        assertEquals(404, outside.statusCode(), text(outside));
    }

    @Test
    void aPngHasTheSizeAskedFor() {
        String plot = server.session("{plot(1:3); 1}") + "graphics/1/";
        assertEquals(List.of(800, 600), pngSize(server.get(plot + "png").body()));
        assertEquals(
                List.of(300, 200),
                pngSize(server.get(plot + "png?width=300&height=200").body()));
        assertEquals(
                List.of(400, 600),
                pngSize(server.get(plot + "png?width=2&height=3&units=%22in%22&res=200")
                        .body()));
        HttpResponse<byte[]> png = server.get(plot + "png?pointsize=20&bg=red");
        assertEquals("image/png", header(png, "Content-Type"));
        assertTrue(!Arrays.equals(png.body(), server.get(plot + "png").body()));
    }

    private static List<Integer> pngSize(byte[] png) {
        ByteBuffer buffer = ByteBuffer.wrap(png, 16, 8);
        return List.of(buffer.getInt(), buffer.getInt());
    }

    @Test
    void vectorGraphicsHaveTheSizeAskedForInInches() {
        String plot = server.session("{plot(1:3); 1}") + "graphics/last/";
        String svg = text(server.get(plot + "svg?width=4&height=3"));
        assertTrue(svg.contains("width=\"288pt\" height=\"216pt\""), svg.substring(0, 300));
        String svglite = text(server.get(plot + "svglite?width=4&height=3"));
        assertTrue(svglite.contains("288.00pt") && svglite.contains("216.00pt"), svglite.substring(0, 300));
        HttpResponse<byte[]> pdf = server.get(plot + "pdf?width=4&height=3&paper=special");
        String page = new String(pdf.body(), StandardCharsets.ISO_8859_1);
        assertTrue(page.startsWith("%PDF") && page.contains("/MediaBox [0 0 288 216]"), page.substring(0, 100));
        assertEquals("application/pdf", header(pdf, "Content-Type"));
        assertEquals(
                "image/svg+xml",
                header(server.get(plot + "svg"), "Content-Type").split(";")[0]);
    }
}
