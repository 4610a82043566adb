/** Patterns in events: sequences, absences and thresholds, and the alerts that tell of them. */
package io.millrace.transforms.pattern;
