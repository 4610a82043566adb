/**
 * The nouns of Millrace: change events, positions, keys, and the blocks of records they come in.
 */
package io.millrace.schemas;
