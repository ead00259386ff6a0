"""The faces of the archive: the command line and what stands behind its words."""
