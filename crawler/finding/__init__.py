"""From a front page to the 年报 columns, and through their lists to the reports."""
