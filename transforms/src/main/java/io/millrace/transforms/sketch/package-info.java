/** Answers of bounded size and stated error: distinct values, quantiles, frequent items, sets. */
package io.millrace.transforms.sketch;
