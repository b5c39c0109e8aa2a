package io.skyroll.producers.postgres;

/**
 * What a column's values are; those of a domain are what it is made of.
 *
 * @param name the type's name, with its schema unless it is PostgreSQL's own
 * @param isEnum whether it is an enum
 */
public record ValueType(String name, boolean isEnum) {
    @Override
    public String toString() {
        return name;
    }
}
