"""Proves that what was erased is gone: a planted call and talk, a purge, a search of every byte.

A check happens beside the line, over the simulated network: nobody is rung for it. It must find the
planted line's name, which was not erased: a search that does not find it says nothing. What the
provider keeps from before the line is never erased without a yes.

In reading order:

sample_talks     a planted call and talk
purging          what the clock erases, by hand
check            plant, purge and search
data_on_number   what is held on a number
earlier_records  what the provider keeps from before the line
"""
