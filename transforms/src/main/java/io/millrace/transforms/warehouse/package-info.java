/** Writing changes to the current tables of a warehouse. */
package io.millrace.transforms.warehouse;
