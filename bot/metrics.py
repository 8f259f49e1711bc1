"""What an operator watches, by Prometheus' naming conventions. No label ever holds a person, a text or a conversation."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

ACCEPTED = Counter("assistant_messages_accepted_total", "Entries accepted into mailboxes", ["channel"])
REFUSED = Counter("assistant_messages_refused_total", "Messages refused at the edge", ["channel", "reason"])
TURNS = Counter("assistant_turns_total", "Turns ended", ["outcome"])
TURN_SECONDS = Histogram(
    "assistant_turn_seconds",
    "From claiming an entry to the commit of its turn",
    buckets=(0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.2, 0.5, 1, 2, 5),
)
SENDS = Counter("assistant_replies_sent_total", "Replies handed to platforms", ["channel", "outcome"])
