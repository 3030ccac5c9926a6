"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id as OWASP's password storage cheat sheet recommends: 19 MiB, two passes, one lane.

    Django's own 100 MiB and eight lanes would take gigabytes when a school signs in at the first bell.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
