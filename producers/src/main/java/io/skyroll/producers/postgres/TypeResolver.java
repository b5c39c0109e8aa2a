package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.PgType.Attribute;
import io.skyroll.producers.postgres.TypePolicies.ArrayShape;
import io.skyroll.producers.postgres.TypePolicies.Nested;
import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.producers.postgres.TypePolicies.OtherTypes;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the form in which values of a type are carried, and how they are decoded. Immutable, usable by any thread. */
final class TypeResolver {
    private static final int NUMERIC = 1700;
    private static final int MONEY = 790;
    private static final int MONEY_DIGITS = 19;
    private static final int MAX_PRECISION = 38;
    /** numeric's type modifier is stored with the size of a length word added. */
    private static final int MODIFIER_OFFSET = 4;

    private final Map<Long, PgType> types;
    private final TypePolicies policies;
    private final int moneyScale;

    /**
     * A resolver for the columns of a table.
     *
     * @param types by object identifier: those that will be asked for, and all that they are made of
     * @param moneyScale digits behind the point that money has
     */
    TypeResolver(Map<Long, PgType> types, TypePolicies policies, int moneyScale) {
        this.types = Map.copyOf(types);
        this.policies = policies;
        this.moneyScale = moneyScale;
    }

    /**
     * How a type's values are carried.
     *
     * @param type in Avro
     * @param decoder makes it
     * @param becomesNull whether a policy makes some values null
     */
    record Form(ColumnType type, FieldDecoder decoder, boolean becomesNull) {
        static Form of(ColumnType type, FieldDecoder decoder) {
            return new Form(type, decoder, false);
        }

        static Form text(String name) {
            return of(ColumnType.textForm(name), ScalarField.CONTENT);
        }
    }

    /**
     * How a column is read.
     *
     * @param form how its values are carried
     * @param type what its values are
     * @param text the column's type, when its values are read as text; else empty
     */
    record ColumnForm(Form form, ValueType type, Optional<PgType> text) {}

    /**
     * How a column is read: in binary form where its type, and all that it is made of, has one that is known here, else as text.
     *
     * @param oid its type's object identifier
     * @param modifier its type modifier, -1 for none
     * @param dimensions the array dimensions it declares, 0 for unknown
     * @throws SkyrollException when a policy refuses the type
     */
    ColumnForm resolve(long oid, int modifier, int dimensions) {
        return form(oid, modifier, dimensions)
                .map(form -> policies.nested() == Nested.STRUCT_OF_LISTS ? StructOfLists.of(name(oid), form) : form)
                .map(form -> new ColumnForm(form, valueType(oid), Optional.empty()))
                .orElseGet(() -> new ColumnForm(Form.text(name(oid)), valueType(oid), Optional.of(type(oid))));
    }

    private ValueType valueType(long oid) {
        PgType type = type(oid);
        return type.shape() == PgType.Shape.DOMAIN
                ? valueType(type.part())
                : new ValueType(name(oid), type.shape() == PgType.Shape.ENUM);
    }

    private PgType type(long oid) {
        PgType type = types.get(oid);
        if (type == null) {
            throw SkyrollException.defect("type %d was not looked up".formatted(oid));
        }
        return type;
    }

    private String name(long oid) {
        PgType type = type(oid);
        return switch (type.shape()) {
            case ARRAY -> name(type.part()) + "[]";
            case DOMAIN -> name(type.part());
            default -> type.qualified();
        };
    }

    /** The form of values that are read in binary form; empty when they can be read as text only. */
    private Optional<Form> form(long oid, int modifier, int dimensions) {
        PgType type = type(oid);
        return switch (type.shape()) {
            case BASE -> base(type, modifier);
            case DOMAIN -> form(
                    type.part(), modifier >= 0 ? modifier : type.modifier(), Math.max(dimensions, type.dimensions()));
            case ENUM -> Optional.of(Form.text(type.qualified()));
            case ARRAY -> array(type, modifier, Math.max(1, dimensions));
            case COMPOSITE -> composite(type);
            case RANGE -> range(type).map(range -> Form.of(range.type(), range.decoder()));
            case MULTIRANGE -> range(type(type.part()))
                    .map(range -> Form.of(ColumnType.list(range.type()), new RangeField.Many(range.decoder())));
        };
    }

    private Optional<Form> array(PgType type, int modifier, int dimensions) {
        Optional<Form> element = form(type.part(), modifier, 0);
        if (policies.arrayShape() == ArrayShape.TEXT) {
            return Optional.empty();
        }
        return element.map(of -> {
            ColumnType list = of.type();
            for (int i = 0; i < dimensions; i++) {
                list = ColumnType.list(list);
            }
            String name = name(type.oid());
            return Form.of(list, new ArrayField(name, of.decoder(), dimensions, policies.arrayBounds()));
        });
    }

    private Optional<Form> composite(PgType type) {
        List<Column> columns = new ArrayList<>();
        List<FieldDecoder> decoders = new ArrayList<>();
        for (Attribute attribute : type.attributes()) {
            form(attribute.type(), attribute.modifier(), attribute.dimensions()).ifPresent(form -> {
                columns.add(new Column(attribute.name(), form.type(), true));
                decoders.add(form.decoder());
            });
        }
        boolean isWhole = columns.size() == type.attributes().size() && !columns.isEmpty();
        boolean isUnambiguous =
                columns.stream().map(Column::avroName).distinct().count() == columns.size();
        if (!isWhole || !isUnambiguous) {
            return Optional.empty();
        }
        List<Long> fieldTypes = type.attributes().stream().map(Attribute::type).toList();
        return Optional.of(
                Form.of(ColumnType.record(columns), new CompositeField(type.qualified(), fieldTypes, decoders)));
    }

    private record Range(ColumnType type, RangeField decoder) {}

    private Optional<Range> range(PgType type) {
        return form(type.part(), -1, 0)
                .map(bound -> new Range(RangeField.type(bound.type()), new RangeField(bound.decoder())));
    }

    private Optional<Form> base(PgType type, int modifier) {
        if (!type.isPostgresOwn()) {
            if (type.binaryIsText()) {
                return Optional.of(Form.text(type.qualified()));
            }
            if (policies.otherTypes() == OtherTypes.REFUSE) {
                throw SkyrollException.configuration(
                        "type %s is not PostgreSQL's own, and other_types says refuse".formatted(type.qualified()));
            }
            return Optional.empty();
        }
        boolean becomesNull = policies.infinity() == OnInfinity.NULL;
        return switch ((int) type.oid()) {
            case NUMERIC -> Optional.of(numeric(modifier));
            case MONEY -> Optional.of(Form.of(ColumnType.decimal(MONEY_DIGITS, moneyScale), new NumericField.Money()));
            case 1082 -> Optional.of(new Form(ColumnType.DATE, new MomentField.Date(policies.infinity()), becomesNull));
            case 1114 -> Optional.of(timestamp(ColumnType.TIMESTAMP));
            case 1184 -> Optional.of(timestamp(ColumnType.TIMESTAMP_UTC));
            case 1083 -> Optional.of(Form.of(ColumnType.TIME, new MomentField.Time(policies.time24())));
            case 1186 -> Optional.of(
                    new Form(FixedForms.INTERVAL, new MomentField.Interval(policies.infinity()), becomesNull));
            default -> FixedForms.of(type.oid());
        };
    }

    private Form timestamp(ColumnType type) {
        return new Form(
                type,
                new MomentField.Timestamp(type.toString(), policies.infinity()),
                policies.infinity() == OnInfinity.NULL);
    }

    private Form numeric(int modifier) {
        if (modifier >= MODIFIER_OFFSET) {
            int packed = modifier - MODIFIER_OFFSET;
            int precision = packed >>> 16 & 0xFFFF;
            // An 11-bit two's complement number: PostgreSQL 15 and later allow negative scales, and those above the
            // precision.
            int scale = ((packed & 0x7FF) ^ 1024) - 1024;
            int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
            if (digits <= MAX_PRECISION) {
                return decimal(ColumnType.decimal(digits, Math.max(0, scale)));
            }
        }
        ColumnType carrier = policies.unboundedNumeric();
        return switch (carrier.kind()) {
            case DECIMAL -> decimal(carrier);
            case FLOAT64 -> Form.of(carrier, new NumericField.Nearest());
            default -> Form.of(carrier, new NumericField.Text());
        };
    }

    private Form decimal(ColumnType type) {
        return new Form(
                type,
                new NumericField.Decimal(type.precision(), type.scale(), policies.numericNan()),
                policies.numericNan() == OnNan.NULL);
    }
}
