package io.skyroll.local;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A schema in its place in a subject, as the registry answers it. */
@JsonPropertyOrder({"subject", "version", "id", "schema"})
record SubjectVersion(String subject, int version, int id, String schema) {}
