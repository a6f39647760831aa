"""What callers and volunteers hear and read: each call and each text, step by step from hello.

A step is a plain function: what is so now in, words out; the state in the database says where a
call stands, so a request that comes twice gets the same words. Conversations never know the web or
the provider, and nobody is connected without a key pressed or a yes texted.

In reading order:

steps            the name of every step of a call
keys             what each key does, by the situation in which it is pressed
persons          who texts, and how answers are written to them
spoken_instants  an instant as a voice says it
next_on          when somebody is next on, as it is said to a caller
repeated_texts   what two machines could tell each other all night
shift_lists      a volunteer's shifts and the open places, by numbers
ringing          who is rung now, and the life of a ring
notices          what the line texts first, and to whom
both_sides       what caller and volunteer share: parting, rooms, third search
caller           a call, from the caller's side
text_talks       talks by text, from both sides
membership       joining, pausing, voting, leaving
volunteer        a call, from the volunteer's side
volunteer_texts  what volunteers text about their shifts
arrivals         where calls and texts come in, and legs are led back
"""
