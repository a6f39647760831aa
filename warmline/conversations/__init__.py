"""The stories of a call, one file each, read from top to bottom."""

from typing import Final

from warmline.calls import call_backs, calls
from warmline.sending import talk_texts
from warmline.sign_in.codes import by_token as code_by_token
from warmline.telephony.conversation import Conversation

caller: Final = Conversation("c", calls.by_token, own_words=True)
"""Every step that the leg of somebody who called us can take."""
volunteer: Final = Conversation("r", calls.ring_by_token)
"""Every step that the leg of a volunteer whom we rang can take."""
text: Final = Conversation("t", talk_texts.by_token)
"""What the network tells of a text that we sent."""
code: Final = Conversation("k", code_by_token)
"""A call that reads somebody's sign-in code to them."""
back: Final = Conversation("b", call_backs.by_token)
"""The leg of whoever asked to be called back, until they press their key."""
