/** Records in Avro whose schemas a registry keeps. */
package io.millrace.schemas.avro;
