"""A worker as `firstbell worker` is, with the shelf among its kinds. Run as a program of its own, to be killed."""


def main() -> None:
    """Work until killed; it tells that it lives twice a second, so that its death is noticed soon."""
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from tests.domain.sources.shelf import CODE, Shelf, kind_of

    from firstbell.connectors.catalogue import KINDS

    KINDS[CODE] = kind_of(Shelf())
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        running.run_worker(
            queues=["imports"], concurrency=1, update_heartbeat_interval=0.5, fetch_job_polling_interval=0.5
        )


if __name__ == "__main__":
    main()
