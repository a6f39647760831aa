"""The life of calls, talks by text, third persons and calls back: their states and allowed moves.

Each move is one conditional UPDATE: whoever changed the row has the call. It never asks the network
for anything and never decides whom to ring. A volunteer is in one talk at a time, as peer or as
texter.

In reading order:

records          live calls, rings and talks as records; states, what may be changed
calls            calls and rings: states, moves, who has won a caller
set_clock        the machine's clock was set while calls live
third_person     a third person: wished for, looked for, in
talks            talks by text: states, moves, who has taken one
call_back_times  when somebody may be called back
call_backs       whom we have promised to call back
"""
