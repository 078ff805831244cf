"""Another module of the application, which specializes the library's models for itself."""

from bugs.library import Box

TextBox = Box[str]
