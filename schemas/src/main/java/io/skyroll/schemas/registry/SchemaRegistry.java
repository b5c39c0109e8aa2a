package io.skyroll.schemas.registry;

import org.apache.avro.Schema;

/** A schema registry: gives a schema an id, and an id its schema. Thread-safe. */
public interface SchemaRegistry {

    /**
     * Registers a schema under a subject, or finds it there.
     *
     * @return its id, the same under every subject
     * @throws io.skyroll.schemas.failure.SkyrollException when the registry refuses it (incompatible with the subject's
     *     earlier schema) or does not answer
     */
    int register(String subject, Schema schema);

    /**
     * The schema with an id.
     *
     * @throws io.skyroll.schemas.failure.SkyrollException when no schema has it or the registry does not answer
     */
    Schema schema(int id);
}
