/** Readers of each change format: from a received record to change events. */
package io.millrace.schemas.format;
