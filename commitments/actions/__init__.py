"""Every write to the record. `verb_noun(*, keyword_only) -> the object`, each in one transaction.

Forms, API, imports and commands call these and nothing else, so that each visible change leaves
its row in the log whichever way it came. The instant `now` (aware) is always handed in.
"""
