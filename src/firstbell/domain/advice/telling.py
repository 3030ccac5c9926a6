"""An advice as JSON, for the command and the API alike."""

from dataclasses import asdict

from firstbell.domain.advice.advising import Advice

type Told = dict[str, object]


def as_told(advice: Advice) -> Told:
    """What programs get. `says` names the methods a criterion fits in words of the command, `methods` as a list."""
    return {
        "method": advice.method,
        "label": advice.label,
        "reasons": [
            {
                "criterion": reason.criterion,
                "says": " or ".join(reason.methods),
                "because": reason.because,
                "methods": list(reason.methods),
                "agrees": advice.method in reason.methods,
            }
            for reason in advice.reasons
        ],
        "sso": advice.sso,
        "agrees": advice.agrees,
        "decision": advice.decision,
        "conditions": list(advice.conditions),
        "follows": advice.follows,
        "next_steps": list(advice.next_steps),
        "contact": {name: value for name, value in asdict(advice.contact).items() if value},
        "missing": [asdict(missing) for missing in advice.missing],
        "answers": asdict(advice.answers),
    }
