"""What runs beside calls: the clock, once-only marks, limits, logs and metrics.

It never decides anything about a call, and what is logged or counted never holds a name, number or
text. Of any number of clocks, one is first.

In reading order:

one_time       what is said or done once, whoever is first
attempts       how often something may be tried
timed_jobs     the table of timed jobs, and the clock
job_runs       when each job ran last
logs           logs without people
request_log    a name for each request, and which were slow
trace          a fault nobody foresaw, without people
metrics        what one process counts
metric_sums    what all processes have counted
latest_backup  when the latest backup was made
"""
