"""What an operator watches, by Prometheus' naming conventions. No label ever holds a person, a text or a conversation.

What a process counts itself stands here; what the database says about all of them is asked when it is scraped: operating/figures.py.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.2, 0.5, 1, 2, 5)

ACCEPTED = Counter("assistant_messages_accepted_total", "Entries accepted into mailboxes", ["channel"])
REFUSED = Counter("assistant_messages_refused_total", "Messages refused at the edge", ["channel", "reason"])
TURNS = Counter("assistant_turns_total", "Turns ended", ["outcome"])
TURN_SECONDS = Histogram(
    "assistant_turn_seconds", "From claiming an entry to the commit of its turn", buckets=BUCKETS[2:]
)
TURN_STAGE_SECONDS = Histogram(
    "assistant_turn_stage_seconds",
    "Parts of a turn: claim, answer (of which understand and act), commit",
    ["stage"],
    buckets=BUCKETS,
)
SENDS = Counter("assistant_replies_sent_total", "Replies handed to platforms", ["channel", "outcome"])
WAKEUPS_DROPPED = Counter(
    "assistant_wakeups_dropped_total", "Wake-ups that Redis was not told of; slow polls find the work"
)
REDIS_FAILURES = Counter("assistant_redis_failures_total", "Times that Redis did not answer")
KNOWLEDGE_PROBLEMS = Gauge("assistant_knowledge_problems", "Mistakes in the files that staff edit")
KNOWLEDGE_LEFT_OUT = Gauge("assistant_knowledge_left_out_files", "Files that are wrong and have no last good version")
HEARTBEATS = Counter("assistant_heartbeats_total", "The gateway's own questions, answered or not", ["outcome"])
HEARTBEAT_SECONDS = Histogram(
    "assistant_heartbeat_seconds",
    "From the gateway's own question to its answer",
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)

# A series that is not there until something goes wrong cannot be seen to rise.
for outcome in ("done", "failed", "dead", "lease_lost"):
    TURNS.labels(outcome=outcome)
for outcome in ("answered", "failed", "late"):
    HEARTBEATS.labels(outcome=outcome)
