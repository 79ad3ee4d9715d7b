"""Totals of orders, kept up to date by the change feed of the orders."""

import logging

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")


def total_of(order: func.Document) -> func.Document:
    total = sum(line["pieces"] * line["price"] for line in order["lines"])
    return func.Document(id=order["id"], customer=order["customer"], total=total)


@app.cosmos_db_trigger(
    "orders", "COSMOS", "shop", "orders", create_lease_container_if_not_exists=True, max_items_per_invocation=100
)
@app.cosmos_db_output("totals", "COSMOS", "shop", "totals", create_if_not_exists=True, partition_key="/id")
def add_up(orders: func.DocumentList, totals: func.Out[func.DocumentList]) -> None:
    complete = [order for order in orders if "lines" in order]
    totals.set(func.DocumentList([total_of(order) for order in complete]))
    logging.info("%d of %d orders added up", len(complete), len(orders))


@app.route("totals/{id}", methods=["GET"])
@app.cosmos_db_input("found", "COSMOS", "shop", "totals", id="{id}", partition_key="{id}")
def show_total(req: func.HttpRequest, found: func.DocumentList) -> func.HttpResponse:
    if not found or not found[0]:
        return func.HttpResponse(f"There is no order {req.route_params['id']}.", status_code=404)
    return func.JsonResponse(found[0].to_dict())
