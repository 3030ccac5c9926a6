"""Passwords that a child can read and type: three short words, drawn by the system's dice.

179 words, three of them, are about 22.4 bits: 5.7 million passphrases. Guessing is throttled, so that is enough for a
child's log-in and not for an adult's, who chooses a password of their own.
"""

import math
import secrets

_SHORT_WORDS = """
ant apple arch arm baby back bag bake ball band bank barn bath bean bear bed bee bell belt bike bird blue boat book
boot bowl box boy bread brick bridge brush bus cake calm camp can cap car card cat chair chalk cheese chess chin
circle city clap clock cloud coat coin cold cook corn cow crab crayon cup dance day deer desk dish dog doll door
dove dream drum duck ear east egg elm face fan farm feather fern field fig fish flag flute foot fork fox frog fruit
game garden gate gift girl glass glove goat gold grape grass green hand harp hat hen hill home honey horse house ice
ink jam jar jump key king kite lake lamp leaf lemon lily lion log lunch map maple milk mint moon moss mouse nest
north nose note nut oak orange owl page paint pan park paw pea pear pen piano pig pine plum pond pony puzzle quilt
rabbit rain ring river road robin rock rose row rug sail salt sand seed sheep ship shoe silver snow sock
"""
WORDS: tuple[str, ...] = tuple(_SHORT_WORDS.split())
COUNT = 3


def make_passphrase(count: int = COUNT) -> str:
    """So many words with blanks between them."""
    return " ".join(secrets.choice(WORDS) for _ in range(count))


def bits_of(count: int = COUNT) -> float:
    """How many bits a passphrase of so many words has."""
    return count * math.log2(len(WORDS))
