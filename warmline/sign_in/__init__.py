"""Who is signed in at the desk, and how: codes, passkeys, a way back in; and PINs by phone.

A code sent to a phone is good for minutes; of passkeys only the public halves are kept, of cookies
only digests. A stranger's tries never keep out whoever has the phone in hand.

In reading order:

visitors    who visits, and what each role may do
codes       six digits, made, limited, compared
pins        a PIN of one's own, for the menu by phone
challenges  what a passkey is made or proven with
passkeys    passkeys made, proven, listed, deleted
sessions    who is signed in on which browser
recovery    the way back in for whoever runs the machine
"""
