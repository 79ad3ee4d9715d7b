import logging

import azfunc as func


def main(mytimer: func.TimerRequest) -> None:
    logging.info("The timer is late: %s", mytimer.past_due)
