"""The real servers and programs that tests talk to, all on loopback and on ports found free.

Every wait has an end, and every process is stopped by the handle of who started it.
"""
