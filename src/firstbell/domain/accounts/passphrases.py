"""Passwords that a child can type: short common words and a number, drawn by the machine's random source.

One word and its number are one of about 25,000 (14 bits), two words of about 7 million (22 bits), three of 31 bits.
That is enough behind a throttle of fifty tries a quarter of an hour for a name (``throttle``), and not for more: who
signs in by e-mail chooses a password of their own.
"""

import secrets

_TEXT = """
acorn actor album alley amber apple april apron arrow aspen atlas attic award bacon badge baker banjo barn basil
basin beach bead bear beech bell berry birch bird bison blaze bloom blue boat bonus book boot bowl box brave bread
brick brook broom brush bubble bucket bugle cabin cable cactus camel camp canal candle candy canoe canyon cape
carrot castle cedar chalk chart cheese cherry chess circle city clay cliff clock cloud clover coach coast cobra
cocoa coin comet coral corn cotton crane crayon cricket crow crown crystal cup daisy dance dawn deer delta denim
desert desk diamond dolphin donut door dragon drum duck eagle earth easel echo eight elbow elm ember engine falcon
farm feather fern field finch fire fish flag flame flute forest fork fossil fox frog fruit galaxy garden gate ginger
globe glove goat gold goose grape grass green guitar hammer harbor hat hazel heron hill hippo honey horse house
igloo indigo iris island ivory jacket jam jasmine jelly jewel jungle kettle key king kite kitten koala ladder lake
lamp lark laser leaf lemon lily lime lion lizard llama lotus lunch magnet maple marble market meadow melon metal
mint mirror mitten moon moose mountain mouse music napkin nest north oak oasis ocean olive onion opal orange orbit
otter owl paddle palm panda paper parrot peach pear pebble pencil penguin piano pilot pine planet plum polar pond
pony puppy purple puzzle quartz quilt rabbit radio rain raven river robin rocket rose ruby sail salad salmon sand
scarf shell silver sky sled snail snow spoon spring squid star stone storm summer sun swan table tiger toast tomato
train tree tulip turtle valley violin wagon walnut water whale wheat willow window winter wolf wood yellow zebra
"""
WORDS = tuple(_TEXT.split())
_LOWEST, _NUMBERS = 10, 90


def new_password(least: int) -> str:
    """A password of at least so many characters, as ``otter-42`` or ``river-otter-42``."""
    words = [secrets.choice(WORDS)]
    number = str(_LOWEST + secrets.randbelow(_NUMBERS))
    while len("-".join([*words, number])) < max(least, 1) or (least > 4 and len(words) < 2):
        words.append(secrets.choice(WORDS))
    return "-".join([*words, number])
