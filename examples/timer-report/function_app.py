"""A report of yesterday's sales, written on each working day at six."""

import csv
import logging
from collections import Counter
from decimal import Decimal

import azfunc as func

app = func.FunctionApp()


def totals(sales: func.InputStream) -> dict[str, Decimal]:
    """Add up the amounts of each shop."""
    found: Counter[str] = Counter()
    amounts: dict[str, Decimal] = {}
    for row in csv.DictReader(sales.text()):
        found[row["shop"]] += 1
        amounts[row["shop"]] = amounts.get(row["shop"], Decimal(0)) + Decimal(row["amount"])
    logging.info("%d sales in %d shops", found.total(), len(found))
    return amounts


@app.timer_trigger("timer", "%REPORT_SCHEDULE%")
@app.blob_input("sales", "sales/latest.csv", "Storage")
@app.blob_output("report", "reports/{DateTime:yyyy-MM-dd}.txt", "Storage")
def report(timer: func.TimerRequest, sales: func.InputStream, report: func.Out[str]) -> None:
    if timer.past_due:
        logging.warning("The report is late; it was due at %s", timer.schedule_status.last)
    amounts = totals(sales)
    if not amounts:
        logging.warning("There are no sales to report")
        return
    report.set("".join(f"{shop}: {amount:.2f}\n" for shop, amount in sorted(amounts.items())))
