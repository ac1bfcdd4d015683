"""The shapes of the answers. They are only ever written out: requests have shapes of their own.

Closed words are given as their stable values; texts in the language of the answer.
"""
