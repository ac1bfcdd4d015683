"""Buttons: each leads to a small page with exactly the fields that one action needs.

Status, date and publication are never edited as fields. A page shows what is asked for, calls its
action on POST, and says beside the field what the action refuses; GET changes nothing.
"""
