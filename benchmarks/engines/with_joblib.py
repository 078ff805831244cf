"""joblib's own pool, which is called loky."""

from engine_models import MODE, install_in_sender, report, work
from joblib import Parallel, delayed, parallel_config


def main():
    """Send."""
    install_in_sender()
    options = {}
    if MODE == "workers":
        from picklecheck.reducers import install

        options = {"initializer": install}
    with parallel_config(backend="loky", **options):
        report(lambda box: Parallel(n_jobs=2, timeout=30)([delayed(work)(box)] * 2)[0])


if __name__ == "__main__":
    main()
