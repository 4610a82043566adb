/**
 * Compares tables row by row and column by column: every value as PostgreSQL writes it as text,
 * both sides in the order of their keys, nothing held in memory.
 */
package io.millrace.testdata.audit;
