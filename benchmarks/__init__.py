"""Benchmarks: each file runs alone and prints one JSON object a line, with its own baseline.

A figure of one machine says little; the ratio to a baseline of the same run says more.
"""
