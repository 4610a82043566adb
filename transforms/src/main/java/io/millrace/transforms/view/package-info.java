/** Views of several tables that follow the tables' changes. */
package io.millrace.transforms.view;
