"""The base class of ccflow, whose ``__reduce_ex__`` sends origin, arguments and state (ccflow #210, #211)."""

from ccflow import BaseModel as Model

BEFORE = ""
