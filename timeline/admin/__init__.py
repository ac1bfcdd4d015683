"""What the desk sees of mail and webhooks: what is owed, with its reasons, and to whom. To be read.

What is wrong with a mail is told in words; `Seen` takes it out of the count of alarms.
"""

from timeline.admin import outbox, owners, sending_holds, subscribers, webhooks

__all__ = ["outbox", "owners", "sending_holds", "subscribers", "webhooks"]
