"""What the schedule goes by and leaves behind: slots, approvals, the log, notices, heartbeats."""
