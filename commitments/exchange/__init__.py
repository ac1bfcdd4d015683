"""What a file of commitments says, held against the record: read safely, compared, written out.

`upload.py` refuses what is made for harm, `reading.py` gives the rows, `comparing.py` tells what
each would change; `rows.py` and `writing.py` make a file of the record. Nothing here writes to the
record: that is `commitments/actions/exchange.py`.
"""
