/**
 * Every change as Parquet in a directory of files, with a manifest that says which of them count.
 */
package io.millrace.transforms.lake;
