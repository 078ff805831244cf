"""Several environments at a time."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from picklecheck.errors import EnvironmentUnavailableError, InterruptedEarlyError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

    from picklecheck.environments.cache import BuiltEnvironment, EnvironmentCache
    from picklecheck.model import EnvironmentSpec


def build_all(
    specs: Sequence[EnvironmentSpec], cache: EnvironmentCache, jobs: int, stop: threading.Event
) -> Iterator[tuple[EnvironmentSpec, BuiltEnvironment | EnvironmentUnavailableError]]:
    """Build at most ``jobs`` environments at once, started in the order of ``specs``; yield each as it is done.

    Raises the first PicklecheckError of a builder, and InterruptedEarlyError once ``stop`` is set; no other is started
    then, and those under way have ended when this ends.
    """
    remaining = list(reversed(specs))
    running: dict[Future[BuiltEnvironment], EnvironmentSpec] = {}
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="builder") as pool:
        while remaining or running:
            while remaining and len(running) < jobs:
                spec = remaining.pop()
                running[pool.submit(cache.get, spec)] = spec
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            if stop.is_set():
                raise InterruptedEarlyError
            for future in done:
                spec = running.pop(future)
                try:
                    built: BuiltEnvironment | EnvironmentUnavailableError = future.result()
                except EnvironmentUnavailableError as error:
                    built = error
                yield spec, built
