/** Events of flights, which are received long after they occurred. */
package io.millrace.testdata.flights;
