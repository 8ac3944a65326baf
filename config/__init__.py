"""The project itself: settings, addresses, checks and the ways to start it."""
