"""Addresses of pages, feeds, subscriptions and health."""
