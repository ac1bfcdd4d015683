"""The calendars over CalDAV (RFC 4791), to be read only: a client fetches only what changed.

`urls` and `views` are the way in, `finding` says which calendar an address means, `calendars` what
is in it, `sync` what changed since, `requests` and `filters` what a client asks, `properties` what
it is told, `xml` how both are written.
"""
