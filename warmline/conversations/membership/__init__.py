"""Joining, leaving, voting, sign-in codes and pauses by others, as they are texted.

Nobody says yes for somebody else here. Leaving is asked once and then erases; only hours stay, by
nobody.

In reading order:

joining       the invitation and its OK, START, HELP
strangers     JOIN from somebody who is not of the roster, and what they write while it is open
sign_in_code  CODE: a sign-in code for the desk
voting        AGREE and OBJECT: yes or no to what is proposed
pauses        somebody is paused by others, and what they write is heard
leaving       LEAVE: asked first, then erased
"""
