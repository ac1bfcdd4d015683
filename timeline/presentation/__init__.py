"""What pages say: entries, figures and changes in words, and what is drawn and linked of them."""
