"""The benchmarks: each prints what it measured beside its floor, a cost that no design can beat."""
