"""How a mail is written and how it leaves the house. It only reads; `actions` keep the outbox."""
