/**
 * Leaf files as Parquet: pages encoded straight from Avro binary, row groups copied as bytes, no Hadoop file system.
 *
 * <p>The names are those of the Parquet format, <a href="https://github.com/apache/parquet-format">apache/parquet-format</a>,
 * README.md, Encodings.md and parquet.thrift.
 */
@NullMarked
package io.skyroll.sinks.parquet;

import org.jspecify.annotations.NullMarked;
