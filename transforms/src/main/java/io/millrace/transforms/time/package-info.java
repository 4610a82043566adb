/** Time: events that come too late, clocks that are wrong, and keeping to the order of time. */
package io.millrace.transforms.time;
