"""Tests of the crawler: units, and whole crawls of portals on loopback."""
