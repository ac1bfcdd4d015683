"""The part of the API that tells what happens: changes, the timeline, webhooks, subscriptions.

It stands below `/api/v1/` beside `commitments/api/` and takes from there what every answer shares.
"""
