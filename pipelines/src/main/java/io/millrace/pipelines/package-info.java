/** Compositions of transforms, each with its options and a main. */
package io.millrace.pipelines;
