/**
 * Where catalogs live: one port with few verbs, for local disks, HDFS and S3. Publishing is built on {@link
 * io.skyroll.sinks.storage.Store#createIfAbsent} alone.
 */
@NullMarked
package io.skyroll.sinks.storage;

import org.jspecify.annotations.NullMarked;
