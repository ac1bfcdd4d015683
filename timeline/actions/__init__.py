"""Every write to the tables of `timeline`. `verb_noun(*, keyword_only) -> the object`.

The instant `now` (aware) is handed in; what takes time itself gets a `clock` to ask. Nothing is
remembered in a process: whatever must not be lost is in the database before a function returns.
"""
