"""Ray, on this machine alone."""

import ray
from engine_models import MODE, install_in_sender, report, work


def main():
    """Send."""
    install_in_sender()
    options = {}
    if MODE == "workers":
        options = {"runtime_env": {"worker_process_setup_hook": "picklecheck.reducers.install"}}
    ray.init(
        num_cpus=1,
        include_dashboard=False,
        log_to_driver=False,
        configure_logging=False,
        _node_ip_address="127.0.0.1",
        **options,
    )
    try:
        report(lambda box: ray.get(ray.remote(work).remote(box), timeout=60))
    finally:
        ray.shutdown()


if __name__ == "__main__":
    main()
