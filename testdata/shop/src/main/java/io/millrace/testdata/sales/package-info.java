/** Business events of the sample shop, in the disorder in which devices send them. */
package io.millrace.testdata.sales;
