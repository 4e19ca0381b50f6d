"""What holds for every test: no example of a property has a time to keep, for the machine may be busy."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
