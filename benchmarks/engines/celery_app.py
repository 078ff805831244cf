"""The app of with_celery.py: messages and results are files, pickled."""

from pathlib import Path

from celery import Celery
from engine_models import MODE, work

HERE = Path.cwd() / "celery"
for name in ("messages", "control", "results"):
    (HERE / name).mkdir(parents=True, exist_ok=True)
app = Celery("celery_app", broker="filesystem://", backend=f"file://{HERE}/results")
app.conf.update(
    broker_transport_options={
        "data_folder_in": f"{HERE}/messages",
        "data_folder_out": f"{HERE}/messages",
        "control_folder": f"{HERE}/control",
    },
    task_serializer="pickle",
    result_serializer="pickle",
    accept_content=["pickle"],
    result_accept_content=["pickle"],
)
if MODE == "workers":
    from picklecheck.reducers import install

    install()


@app.task
def task(box):
    """Do the work."""
    return work(box)
