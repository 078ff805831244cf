"""The producer: build the value of a scenario from the classes that its site evaluated, and dump it."""

import importlib
import time

from . import portrait, serializers, target
from .channel import describe_exception
from .classes import specializations
from .importable import describe_classes
from .role import Role


class Producer(Role):
    """Created by a producer's ``__main__`` before it imports anything of the user's."""

    def produce(self, module, name, classes):
        """Build scenario ``name`` of ``module`` with ``classes``, dump it, report, and end the process."""
        channel = self.channel
        scenario = getattr(importlib.import_module(module), name)
        channel.send(
            specializations=[self.witness.describe_class(cls) for cls in classes],
            classes=describe_classes(classes),
            imported=self.witness.staged_modules(),
        )

        channel.stage("build")
        value = scenario.build(*classes)

        self._dump(value, classes, scenario.buffers)
        self.finish()

    def produce_target(self, module, found):
        """Build the value that ``found``, a name of ``module``, stands for, dump it, report, and end the process."""
        job, channel = self.job, self.channel
        channel.send(stage="call", location=target.location(module, found))
        value = target.build(found)
        channel.send(source=target.hash_of_sources(module, job["path"]))

        channel.stage("portray")
        lines, met = portrait.draw(value)
        used = target.uses(value)
        classes = specializations(met)
        channel.send(
            specializations=[self.witness.describe_class(cls) for cls in classes],
            classes=describe_classes(met),
            imported=self.witness.staged_modules(),
        )

        self._dump(value, classes, 0)
        channel.stage("store")
        target.leave_portrait(job["portrait"], lines, met, used)
        channel.stage("done")
        self.finish()

    def _dump(self, value, classes, buffers_expected):
        """Dump ``value`` and leave the payload, or report why not and end the process."""
        job, channel = self.job, self.channel
        channel.stage("dump")
        started = time.perf_counter()
        try:
            payload, buffers = serializers.dump(value, job["serializer"], job["protocol"])
        except Exception as error:
            channel.send(error=describe_exception(error, self.root))
            self.finish()
        dump_seconds = time.perf_counter() - started
        channel.stage("store")  # a full disk is not the value's fault
        channel.send(
            stage="done",
            payload=serializers.store(job["payload"], payload, buffers),
            buffers_expected=buffers_expected,
            dump_s=round(dump_seconds, 6),
            # Dumping may itself register, import or create; what stands now is what a second dump would see.
            registered_after={cls.__name__: self.witness.modules_that_hold(cls.__name__, cls) for cls in classes},
            **self.picklecheck_facts(),
        )
