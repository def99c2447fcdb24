package org.ocpu.app.rexp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RDataWriter;
import org.ocpu.app.rdata.RScript;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RandomValues;

/** Messages that go between Java and R's package RProtoBuf, an implementation that shares no code with ours or protolite's. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RexpIT {
    @TempDir
    Path directory;

    private RValue read(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            return name.endsWith(".pb") ? RexpReader.read(in) : RDataReader.read(in);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private void write(String name, RValue value) throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            if (name.endsWith(".pb")) {
                RexpWriter.write(value, RDataHeader.VERSION_3.writtenBy("4.2.2"), out);
            } else {
                RDataWriter.write(value, out);
            }
        }
    }

    private List<String> names(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void dataSetsAreWrittenByteForByteAndReadIdentical() throws IOException {
        RScript.run(directory, """
                for (name in c('iris', 'mtcars', 'women', 'volcano', 'euro', 'islands', 'state.region', 'state.center',
                               'esoph', 'quakes', 'UCBAdmissions', 'Titanic', 'AirPassengers', 'Harman74.cor')) {
                  x <- get(name, 'package:datasets')
                  saveRDS(x, paste0(name, '.rds'), version = 2)
                  RProtoBuf::serialize_pb(x, paste0(name, '.pb'))
                }
                """);
        assertEquals(14, names(".pb").size());
        for (String name : names(".pb")) {
            byte[] expected = Files.readAllBytes(directory.resolve(name + ".pb"));
            assertArrayEquals(expected, RexpWriter.bytes(read(name + ".rds"), RDataHeader.VERSION_3), name);
            write(name + ".java", read(name + ".pb"));
        }
        everyFileIs("identical(readRDS(file), get(sub('.java', '', file, fixed = TRUE)))");
    }

    @Test
    void randomValuesAreUnderstoodByRProtoBufAndComeBackEqual() throws IOException {
        long seed = System.nanoTime();
        List<RValue> values = new RandomValues(seed).next(300);
        for (int i = 0; i < values.size(); i++) {
            write(i + ".rds", values.get(i));
            write(i + ".pb", values.get(i));
            assertEquals(values.get(i), read(i + ".pb"), "value " + i + " with seed " + seed);
        }
        String output = RScript.run(directory, """
                files <- list.files(pattern = 'pb$')
                stopifnot(length(files) == 300)
                for (file in files) {
                  x <- readRDS(sub('pb', 'rds', file))
                  y <- RProtoBuf::unserialize_pb(file)
                  if (!identical(x, y)) { cat(file, ''); str(x); str(y) }
                }
                """);
        assertEquals("", output, "with seed " + seed);
    }

    @Test
    void functionsAndTheLikeAreAsRSerializesThem() throws IOException {
        RScript.run(directory, """
                objects <- list(f = MASS::huber, l = quote(a + b), s = as.name('x'), e = expression(a, 1), g = globalenv(), p = sum)
                for (name in names(objects)) {
                  saveRDS(objects[[name]], paste0(name, '.rds'), compress = FALSE)
                  RProtoBuf::serialize_pb(objects[[name]], paste0(name, '.pb'))
                }
                """);
        assertEquals(6, names(".pb").size());
        for (String name : names(".pb")) {
            RValue value = read(name + ".rds");
            assertEquals(value, read(name + ".pb"), name);
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve(name + ".pb")),
                    RexpWriter.bytes(value, RDataHeader.VERSION_3.writtenBy("4.2.2")),
                    name);
        }
    }

    private void everyFileIs(String condition) {
        String output = RScript.run(
                directory,
                "for (file in list.files(pattern = 'java$')) cat(if (" + condition + ") 'same' else file, '')");
        assertTrue(output.matches("(same )+"), output);
    }
}
