"""The archive in a browser: pages, interface, copies of archived pages."""
