"""Property tests find the same cases on every run: what fails here fails everywhere."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("steady")
