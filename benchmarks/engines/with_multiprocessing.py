"""A pool of the standard library, with new interpreters."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from engine_models import MODE, install_in_sender, report, work


def main():
    """Send."""
    install_in_sender()
    initializer = None
    if MODE == "workers":
        from picklecheck.reducers import install as initializer
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer) as pool:
        report(lambda box: pool.submit(work, box).result(timeout=30))


if __name__ == "__main__":
    main()
