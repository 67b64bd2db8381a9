"""Running student code apart from everything that matters.

On the trusted side, `box` starts a preloaded parent in an outer box, `session`
asks it for one confined child a submission and keeps the deadlines, `tiers`
proves by canaries what holds on this machine. Inside, `parent` forks a
`supervisor` for each submission, which forks a `task` for each task, which
takes its own rights away (`confine`) before it looks at student code. `wire`
is the only language spoken between the two sides.
"""
