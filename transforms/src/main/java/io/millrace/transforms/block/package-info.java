/** Packing elements by bucket of keys, so that many of them cross a shuffle as one. */
package io.millrace.transforms.block;
