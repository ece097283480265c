"""`batches.run`: answer any number of requests, in order, by batch jobs.

Belongs here: the steps of a run, its files on disk, its results and errors.
Does not: a single batch, which is `resources.batches`.
"""
