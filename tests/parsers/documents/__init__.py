"""Readers: bytes of any kind to one Document."""
