"""Dask's workers and its scheduler, each a process."""

from distributed import Client, LocalCluster
from engine_models import MODE, install_in_sender, report, work


def main():
    """Send."""
    install_in_sender()
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1")
    with cluster, Client(cluster) as client:
        if MODE == "workers":
            from picklecheck.reducers import install

            client.run(install)
            client.run_on_scheduler(install)
        report(lambda box: client.submit(work, box).result(timeout=30))


if __name__ == "__main__":
    main()
