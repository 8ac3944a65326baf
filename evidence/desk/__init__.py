"""The case form of the researchers' desk: what is typed, what it says, and how it becomes evidence."""
