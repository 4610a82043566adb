/**
 * Windows of event time: what is computed over them, how they take what comes late, and how results
 * are corrected.
 */
package io.millrace.transforms.window;
