/** Data contracts: which tables and columns there are, and their exact types (ODCS v3). */
package io.millrace.schemas.contract;
