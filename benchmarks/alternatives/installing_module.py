"""Level class in every process: the models' own module installs it. The package is copied as for portable_mixin."""

from copied_reducers import install
from pydantic import BaseModel as Model

install()

BEFORE = ""
