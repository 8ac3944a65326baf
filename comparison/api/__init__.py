"""The comparison over REST."""
