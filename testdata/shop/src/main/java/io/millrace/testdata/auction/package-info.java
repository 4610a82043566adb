/** Business events of auctions, some out of order, as the Nexmark benchmark has them. */
package io.millrace.testdata.auction;
