/** Expressions over the columns of a row. */
package io.millrace.schemas.expression;
