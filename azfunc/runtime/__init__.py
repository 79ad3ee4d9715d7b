"""Runs function apps without a host: schedules, loading, invocation."""
