"""Another function of the older model."""

import azfunc as func


def main(msg: func.QueueMessage) -> bytes:
    """Give the body of a message."""
    return msg.get_body() + str(msg.dequeue_count).encode()
