/** What keeps the books straight: dead letters and counts. */
package io.millrace.transforms.quality;
