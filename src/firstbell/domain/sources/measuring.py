"""Numbers for Prometheus: what this process has done, how the queue stands. Labels are words of ours, never names."""

from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queueing import has_worker
from firstbell.domain.sources.checkup import count_late, queue_now

BUCKETS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600)
DONE = CollectorRegistry()
RUNS = Counter("firstbell_runs", "Runs that this process brought to a state", ["state", "kind"], registry=DONE)
STEPS = Histogram("firstbell_step_seconds", "Seconds of a run's step", ["step"], buckets=BUCKETS, registry=DONE)
ROWS = Counter("firstbell_rows", "Records that were read", registry=DONE)
CHANGES = Counter("firstbell_changes", "Rows that were changed", ["table", "action"], registry=DONE)
FINDINGS = Counter("firstbell_findings", "Findings", ["severity"], registry=DONE)


def measure(district: District, run: Run) -> None:
    """Count a run that this process has brought to its end, or to a hold."""
    del district
    RUNS.labels(run.state, run.kind).inc()
    for step, seconds in run.steps.items():
        STEPS.labels(step).observe(seconds)
    ROWS.inc(sum(int(rows or 0) for rows in run.files.values()))
    for severity, count in run.found.items():
        FINDINGS.labels(severity).inc(count)
    if run.state == RunState.APPLIED:
        for table, actions in run.counts.items():
            for action, count in actions.items():
                if action != "unchanged":
                    CHANGES.labels(table, action).inc(count)


def standing() -> bytes:
    """How the installation stands now, as Prometheus reads it."""
    now, registry = timezone.now(), CollectorRegistry()
    queue = queue_now(now)
    numbers = {
        "firstbell_queue_waiting": ("Jobs that could be begun", queue.waiting),
        "firstbell_queue_oldest_seconds": ("How long the oldest of them waits", queue.oldest),
        "firstbell_queue_failed": ("Jobs that failed", queue.failed),
        "firstbell_sources_late": ("Sources that are due and were not begun", count_late(now)),
        "firstbell_worker_up": ("1 where a worker has been heard of", int(has_worker())),
    }
    for name, (says, value) in numbers.items():
        Gauge(name, says, registry=registry).set(value)
    return generate_latest(registry)
