/** Windows over generated events, compared with what DuckDB finds in the same events. */
package io.millrace.transforms.oracle;
