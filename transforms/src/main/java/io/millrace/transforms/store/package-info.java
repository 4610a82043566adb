/** Directories of files that only ever get more: where lakes and landings are kept. */
package io.millrace.transforms.store;
