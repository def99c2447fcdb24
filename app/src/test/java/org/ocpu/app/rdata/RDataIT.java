package org.ocpu.app.rdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values that go between Java and real R. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RDataIT {
    /** Objects of every kind: data sets, a model, functions with bytecode, cyclic and locked environments, S4, odd strings. */
    private static final String OBJECTS = """
            put <- function(name, x) {
              name <- gsub('[^A-Za-z0-9._-]', '_', name)
              writeBin(serialize(x, NULL, version = 2), paste0(name, '.v2'))
              writeBin(serialize(x, NULL, version = 3), paste0(name, '.v3'))
            }
            for (package in c('datasets', 'MASS')) {
              e <- new.env()
              data(list = sub(' .*', '', data(package = package)$results[, 'Item']), package = package, envir = e)
              for (name in ls(e)) put(paste0(package, '-', name), e[[name]])
            }
            for (package in c('MASS', 'stats')) {
              namespace <- asNamespace(package)
              for (name in ls(namespace)) put(paste0(package, '--', name), namespace[[name]])
            }
            put('model', lm(weight ~ height, women))
            put('sequence', 1:10)
            put('reals', as.numeric(1:10))
            put('deferred', as.character(c(1:5, NA)))
            put('deferred-reals', as.character(c(1.5, 1e5, 1e-5, 1/3, 123456789, NA, NaN, -Inf, 100, 0.1 + 0.2)))
            put('sorted', sort(c(3L, 1L, 2L), method = 'radix'))
            put('cycle', local({ self <- environment(); f <- function() self; self }))
            table <- new.env(hash = TRUE, size = 29)
            for (i in 1:100) assign(paste0('v', i), i, table)
            lockBinding('v1', table)
            makeActiveBinding('active', function() 1, table)
            lockEnvironment(table)
            put('table', table)
            put('call', (function(x, ..., y = 2) environment())(1 + 1, b = 2, 3))
            setClass('P', representation(x = 'numeric')); setClass('N', contains = 'numeric')
            put('s4', new('P', x = 1)); put('s4-number', new('N', 1))
            put('date', Sys.Date()); put('time', Sys.time()); put('local-time', as.POSIXlt(Sys.time()))
            put('factor', factor(c('a', NA, 'b'))); put('formula', y ~ x | z)
            put('expression', expression(a + b, f(x)[1, ])); put('source', parse(text = 'f <- function(x) x', keep.source = TRUE))
            put('grown', { x <- 1; for (i in 2:100) x[[i]] <- i; x })
            latin1 <- c('fa\\xE7ile', 'a', NA, '\\u00e9'); Encoding(latin1)[1] <- 'latin1'; put('latin1', latin1)
            bytes <- 'fa\\xE7ile'; Encoding(bytes) <- 'bytes'; put('bytes', bytes)
            put('invalid', rawToChar(as.raw(c(0xff, 0xfe, 0x41))))
            put('symbol', as.name('\\u00e9')); put('attribute', structure(1, '\\u00e9' = 2))
            put('primitives', list(sum, quote, `[[`)); put('nothing', NULL); put('pairlist', pairlist(a = 1, 2))
            put('large', as.numeric(seq_len(1e6)) / 7); put('raw', as.raw(0:255)); put('complex', complex(real = NA, imaginary = -0))
            """;

    /** What R writes of vectors that it keeps in a compact form; Java writes the plain vectors they stand for. */
    private static final List<String> COMPACT =
            List.of("compact_intseq", "compact_realseq", "deferred_string", "wrap_");

    @TempDir
    Path directory;

    private static RValue read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return RDataReader.read(in);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    @Test
    void randomValuesComeBackFromREqualInEachFormat() throws IOException {
        long seed = System.nanoTime();
        RList values = new RList(new RandomValues(seed).next(400), Attributes.NONE);
        for (RDataHeader header : List.of(RDataHeader.VERSION_2, RDataHeader.VERSION_3)) {
            try (OutputStream out = Files.newOutputStream(directory.resolve("java"))) {
                RDataWriter.write(values, header, out);
            }
            RScript.run(directory, """
                    x <- readRDS('java')
                    stopifnot(length(x) == 400)
                    for (version in 2:3) saveRDS(x, paste0('gzip', version), version = version)
                    saveRDS(x, 'plain', compress = FALSE)
                    writeBin(serialize(x, NULL, xdr = FALSE), 'little-endian')
                    writeBin(serialize(x, NULL, ascii = NA), 'hexadecimal')
                    """);
            for (String file : List.of("gzip2", "gzip3", "plain", "little-endian", "hexadecimal")) {
                assertEquals(values, read(directory.resolve(file)), file + " with seed " + seed);
            }
        }
    }

    @Test
    void whatRWritesIsWrittenBackByteForByte() throws IOException {
        RScript.run(directory, OBJECTS);
        int same = 0;
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] written = rewritten(file);
            if (isCompact(bytes)) {
                Files.write(Path.of(file + ".java"), written);
            } else {
                assertArrayEquals(bytes, written, file.getFileName().toString());
                same++;
            }
        }
        assertTrue(same > 2000, "only " + same + " objects");
        theRestIsIdenticalInR();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static byte[] rewritten(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            RDataReader reader = new RDataReader(in, RDataReader.DEFAULT_LIMIT);
            return RDataWriter.bytes(reader.read(), reader.header());
        }
    }

    private static boolean isCompact(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return COMPACT.stream().anyMatch(text::contains);
    }

    /** Values with environments are not, as R compares those by address; their version 2 was compared byte for byte. */
    private void theRestIsIdenticalInR() {
        String output = RScript.run(directory, """
                for (file in list.files(pattern = 'java$')) {
                  x <- readRDS(sub('.java', '', file, fixed = TRUE))
                  y <- readRDS(file)
                  same <- isTRUE(all.equal(x, y)) && identical(serialize(y, NULL, version = 2), serialize(x, NULL, version = 2))
                  cat(if (same) 'same' else file, '')
                }
                """);
        assertTrue(output.matches("(same )+"), output);
    }
}
