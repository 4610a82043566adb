/** Change data capture: parsing changes and merging them to the latest state of each row. */
package io.millrace.transforms.cdc;
