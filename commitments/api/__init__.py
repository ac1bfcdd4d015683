"""The REST API at `/api/v1/`: the published record for programs.

Views are thin: parse, ask the record, answer. Errors become HTTP in `errors.py`, pages are cut in
`keyset.py` and `pagination.py`, and what every answer shares is in `base.py`.
"""
