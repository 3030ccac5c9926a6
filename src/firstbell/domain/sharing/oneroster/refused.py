"""What is wrong with a question, told by the parameter and the field."""


class BadQuestion(Exception):
    """Not answered: `parameter` is what the client must change, the text says how."""

    def __init__(self, parameter: str, text: str) -> None:
        super().__init__(text)
        self.parameter = parameter


class NothingThere(Exception):
    """No record of this id, or none that this client may read."""
