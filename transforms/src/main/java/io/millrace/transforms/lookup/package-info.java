/** Looking up rows of small tables that change slowly, as side inputs. */
package io.millrace.transforms.lookup;
