"""Level class in the sender, whose payloads install it wherever they are loaded. Copied as for portable_mixin."""

from pydantic import BaseModel as Model

BEFORE = "import copied_reducers; copied_reducers.install(propagate=True)"
