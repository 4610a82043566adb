/** Which table is made of which, and by which command. */
package io.millrace.pipelines.layers;
