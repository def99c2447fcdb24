package org.ocpu.app.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** A table's Arrow schema, and its dictionaries: the levels of its factors. */
final class ArrowSchema {
    private final List<Values.Factors> dictionaries = new ArrayList<>();
    private final Schema schema;

    ArrowSchema(List<Column> columns) {
        schema = new Schema(fields(columns));
    }

    Schema schema() {
        return schema;
    }

    /** In the order of their ids, which are their indices. */
    List<Values.Factors> dictionaries() {
        return dictionaries;
    }

    private List<Field> fields(List<Column> columns) {
        return columns.stream().map(this::field).toList();
    }

    private Field field(Column column) {
        Values values = column.values();
        FieldType type = values instanceof Values.Factors factors
                ? new FieldType(true, column.type(), encoding(factors))
                : FieldType.nullable(column.type());
        return new Field(column.name(), type, children(values));
    }

    private List<Field> children(Values values) {
        if (values instanceof Values.Lists lists) {
            return List.of(field(lists.items()));
        }
        return values instanceof Values.Structs structs ? fields(structs.fields()) : List.of();
    }

    private DictionaryEncoding encoding(Values.Factors factors) {
        dictionaries.add(factors);
        ArrowType.Int index = new ArrowType.Int(indexBytes(factors) * Byte.SIZE, true);
        return new DictionaryEncoding(dictionaries.size() - 1, factors.ordered(), index);
    }

    /** The bytes of an index into the levels: as few as R's arrow takes. */
    static int indexBytes(Values.Factors factors) {
        int levels = factors.levels().length;
        if (levels < Byte.MAX_VALUE) {
            return Byte.BYTES;
        }
        return levels < Short.MAX_VALUE ? Short.BYTES : Integer.BYTES;
    }
}
