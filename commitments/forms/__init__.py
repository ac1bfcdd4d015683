"""The forms of the desk: what an editor fills in, read into the values that the actions take.

A form checks single fields only. What the record refuses is said by the action, and shown beside
the field at fault by `commitments/forms/refusals.py`.
"""
