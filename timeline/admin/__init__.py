"""What the desk sees of mail: the outbox with its reasons, and who gets mail. To be read only.

What is wrong with a mail is told in words; `Seen` takes it out of the count of alarms.
"""

from timeline.admin import outbox, subscribers

__all__ = ["outbox", "subscribers"]
