"""Where the project is put together: settings, addresses, and the programs that run it.

Nothing in `commitments` or `timeline` imports from here.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
