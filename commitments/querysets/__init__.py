"""Named reads of the record: what is asked for often has a name here, and one meaning."""
