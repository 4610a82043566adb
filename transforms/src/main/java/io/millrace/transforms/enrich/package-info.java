/** Joining facts with what a table knew at their time. */
package io.millrace.transforms.enrich;
