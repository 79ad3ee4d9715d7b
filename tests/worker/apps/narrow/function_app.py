"""An app with an annotation that the worker does not take, of either library."""

import azfunc as func

app = func.FunctionApp()


@app.queue_trigger("msg", "todo", "Storage")
def optional(msg: func.QueueMessage | None) -> None:
    """Take a message, or none."""
