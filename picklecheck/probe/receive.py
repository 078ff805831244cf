"""The receivers: load a payload, and witness what arrived; or, as the relay, load it and dump it again."""

import importlib
import sys
import time
import warnings

from . import compare, recipes, serializers, target, uses, witness
from .channel import MAX_TEXT, describe_exception
from .role import Role


class Receiver(Role):
    """Created by a receiver's ``__main__`` before it imports anything of the user's."""

    _is_loaded = False

    def __init__(self):
        super().__init__()
        self._not_evaluated = []
        # Whatever its state is to be, it begins with nothing.
        origins = dict.fromkeys(one["origin"][0] for one in self.job["specializations"])
        self.channel.send(
            imported_at_start=[name for name in origins if name != "__main__" and self.witness.is_staged(name)],
            existed_at_start=self._existing(),
        )

    def load(self):
        """Return what the payload of this job holds, or report why it does not load and end the process."""
        if not self._is_loaded:
            loads, payload, options = self.fetch()
            try:
                value = loads(payload, **options)
            except Exception as error:
                self.not_loaded(error)
            self.loaded(value)
        return self._value

    def fetch(self):
        """Return what loads the payload of this job, the payload, and the options that go with it."""
        job = self.job
        self.channel.send(
            stage="fetch",  # what was left may be gone, which is not its fault
            imported_before=self.witness.staged_modules(),
            registered_before=self._registered(),
            existed_before=self._existing(),
            not_evaluated=self._not_evaluated,
        )
        payload, buffers = serializers.fetch(job["payload"], job["buffers"])
        self.channel.stage("load")
        loads, options = serializers.loader(buffers, job["serializer"])
        self._started = time.perf_counter()
        return loads, payload, options

    def not_loaded(self, error):
        """Report why the payload did not load, and end the process."""
        self.channel.send(error=describe_exception(error, self.root), **self.picklecheck_facts())
        self.finish()

    def loaded(self, value):
        """Report that it did, and keep ``value``."""
        self._value, self._is_loaded = value, True
        self.channel.send(
            load_s=round(time.perf_counter() - self._started, 6),
            registered_after=self._registered(),
            **self.picklecheck_facts(),
        )

    def _registered(self):
        names = [one["name"] for one in self.job["specializations"]]
        return {name: self.witness.modules_that_hold(name) for name in names}

    def _existing(self):
        return {one["name"]: witness.exists(one) for one in self.job["specializations"]}

    def receive(self, module, name, evaluate):
        """Load, then judge against a twin that is built from ``evaluate()``, the specializations as they are here."""
        channel = self.channel
        value = self.load()

        channel.stage("check")
        scenario = getattr(importlib.import_module(module), name)
        failed = None
        if scenario.check_loaded is not None:
            try:
                scenario.check_loaded(value)
            except Exception as error:
                failed = ("%s: %s" % (type(error).__name__, error))[:MAX_TEXT]
        channel.send(check=failed)

        channel.stage("expect")
        twin = scenario.build(*evaluate())

        channel.stage("compare")
        found = compare.differences(twin, value)
        channel.send(
            # Is the object (or the class, where that is the payload) of the very class it should be?
            same_type=not any(one["kind"] == "type" and one["path"] == "value" for one in found),
            equal=_equal(twin, value),
            differences=found,
            state={
                kind: sorted({one["path"] for one in found if one["kind"] == kind})
                for kind in ("dict", "extra", "fields_set", "private")
            },
            judged=True,
        )

        channel.stage("use")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            channel.send(
                revalidation={"restored": _revalidate(twin, value), "twin": _revalidate(twin, twin)},
                serialization={"restored": _serialize(value), "twin": _serialize(twin)},
            )

        channel.stage("second hop")
        channel.send(second_hop=self._dump_again(value), stage="done")
        self.finish()

    def import_origins(self):
        """Import the modules of the generic models that the producer sent: what a cold receiver has done."""
        target.import_origins(self.job["specializations"])

    def recipes(self):
        """Return a payload for each specialization that the producer could write so: loading it evaluates the class."""
        found = recipes.read(self.job["warm"])
        self.channel.send(recipes=len(found))
        return found

    def not_evaluated(self, error):
        """Note that a recipe cannot be loaded here. No worker evaluates it here either, and loading will say so."""
        self._not_evaluated.append(describe_exception(error, self.root))

    def build(self, found):
        """Return the value that ``found``, a name of the target's module, stands for."""
        return target.build(found)

    def import_beside(self, name):
        """Import a module that lies beside this program; the search path of a target has nothing of ours."""
        sys.path.append(self.root)
        importlib.import_module(name)
        sys.path.remove(self.root)

    def receive_target(self):
        """Load, then judge against the portrait that the producer left."""
        job, channel = self.job, self.channel
        value = self.load()
        channel.stage("compare")
        with open(job["payload"] + ".0", "rb") as file:
            payload = file.read()
        channel.send(check=None, **target.judge(job["portrait"], value, payload))
        channel.stage("use")
        channel.send(**uses.compare_uses(job["uses"], target.read_portrait(job["portrait"])["complete"], value))
        channel.stage("second hop")
        channel.send(second_hop=self._dump_again(value), stage="done")
        self.finish()

    def relay(self):
        """Load, dump again with the same serializer, and leave the payload for the next receiver."""
        value = self.load()
        job, channel = self.job, self.channel
        channel.stage("dump")
        try:
            payload, buffers = serializers.dump(value, job["serializer"], job["protocol"])
        except Exception as error:
            channel.send(error=describe_exception(error, self.root))
            self.finish()
        channel.stage("store")
        channel.send(stage="done", payload=serializers.store(job["relayed_payload"], payload, buffers))
        self.finish()

    def _dump_again(self, value):
        try:
            payload, _ = serializers.dump(value, self.job["serializer"], self.job["protocol"])
        except Exception as error:
            return {"dumped": False, "error": describe_exception(error, self.root)}
        return {"dumped": True, "size": len(payload)}


def _equal(twin, value):
    """Return what ``==`` says, or the name of the exception that it raises (a cyclic model recurses without end)."""
    try:
        return bool(twin == value)
    except Exception as error:
        return type(error).__name__


def _revalidate(twin, value):
    """Hand ``value`` to the twin's model, as a field of that type would; None where the twin is no model."""
    validate = getattr(type(twin), "model_validate", None)
    if validate is None:
        return None
    try:
        return "same object" if validate(value) is value else "copied"
    except Exception as error:
        return "rejected: %s" % type(error).__name__


def _serialize(value):
    """Return the JSON that a model serializes to, or the exception's name; None for what is no model."""
    if not hasattr(type(value), "__pydantic_generic_metadata__"):
        return None
    try:
        return value.model_dump_json()[:MAX_TEXT]
    except Exception as error:
        return "fails: %s" % type(error).__name__
