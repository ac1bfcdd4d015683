"""The writes of the API: each is one operation, whether sent by itself or as a row of a batch.

An operation says what it is given, who may do it and which actions it calls (`operations.py` and
the rooms beside it). `views.py` gives each its address, `batch.py` runs many under one lock.
"""
