"""A small government portal of our own, served on loopback: the demo, the tutorial and the tests' portal."""

from nianbao.sample.portal import SamplePortal, until_interrupted

__all__ = ["SamplePortal", "until_interrupted"]
