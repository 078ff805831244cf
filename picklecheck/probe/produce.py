"""The producer: build the value of a scenario from the classes that its site evaluated, and dump it."""

import importlib
import time

from . import portrait, recipes, script, serializers, target, unpicklable, uses
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
        self._describe(classes, classes)

        channel.stage("build")
        value = scenario.build(*classes)

        payload, buffers = self._attempt(value)
        self._store(payload, buffers, self._registered(classes), scenario.buffers)
        self.finish()

    def run_script(self, path):
        """Run a script in the place of this program and return its module; end the process if it fails."""
        self.channel.stage("run")
        try:
            return script.run_as_main(path)
        except SystemExit as error:
            self.channel.send(error=describe_exception(error, self.root))
            self.finish()

    def produce_target(self, module, found):
        """Build the value that ``found``, a name of ``module``, stands for, dump it, report, and end the process."""
        job, channel = self.job, self.channel
        channel.send(stage="call", location=target.location(module, found), script=target.script_of(module))
        value = target.build(found)
        channel.send(
            source=target.hash_of_sources(module, job["path"]),
            nothing=target.nothing_in(value),
            sent_class=target.class_told(value),
        )
        if target.nothing_in(value) is not None:
            self.finish()

        # Dumped first: whoever looks at a value may change it.
        payload, buffers = self._attempt(value)
        channel.stage("portray")
        drawn = portrait.draw(value)
        classes = specializations(drawn.classes)
        self._describe(classes, drawn.classes)
        registered = self._registered(classes)
        target.leave_portrait(job["portrait"], value, drawn)
        recipes.write(classes, job["warm"])
        self._store(payload, buffers, registered, 0)
        # From here on all is there that a receiver needs: what comes of using the value is evidence, no more.
        if drawn.rebuilt:
            channel.send(equals_copy=uses.equals_copy(value, payload, buffers, job["serializer"]))
        uses.leave_uses(job["uses"], value)
        self.finish()

    def _describe(self, classes, met):
        self.channel.send(
            specializations=[self.witness.describe_class(cls) for cls in classes],
            classes=describe_classes(met),
            imported=self.witness.staged_modules(),
        )

    def _attempt(self, value):
        """Return payload and buffers, or report why there are none, and where, and end the process."""
        job, channel = self.job, self.channel
        channel.stage("dump")
        started = time.perf_counter()
        try:
            dumped = serializers.dump(value, job["serializer"], job["protocol"])
        except Exception as error:
            channel.send(error=describe_exception(error, self.root), stage="trace")
            self._trace(value)
            channel.stage("dump")
            self.finish()
        channel.send(dump_s=round(time.perf_counter() - started, 6))
        return dumped

    def _trace(self, value):
        """After dumping failed, say what was met and which object it is."""
        job, channel = self.job, self.channel
        try:
            if self.is_target:
                met = portrait.draw(value).classes
                self._describe(specializations(met), met)
            channel.send(unpicklable=unpicklable.find(value, job["serializer"], job["protocol"]))
        except Exception:  # the error has been told
            pass

    def _registered(self, classes):
        """Dumping may itself register, import or create; what stands now is what a second dump would see."""
        return {cls.__name__: self.witness.modules_that_hold(cls.__name__, cls) for cls in classes}

    def _store(self, payload, buffers, registered, buffers_expected):
        job, channel = self.job, self.channel
        channel.stage("store")  # a full disk is not the value's fault
        channel.send(
            stage="done",
            payload=serializers.store(job["payload"], payload, buffers),
            buffers_expected=buffers_expected,
            registered_after=registered,
            **self.picklecheck_facts(),
        )
