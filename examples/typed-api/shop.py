"""What the shop knows: articles, orders, and where orders are kept until the process ends."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Dict, List


@dataclass
class Line:
    """Some pieces of one article."""

    article: str
    pieces: int = 1

    def __post_init__(self) -> None:
        if self.pieces < 1:
            raise ValueError(f"{self.pieces} pieces of {self.article} cannot be ordered")


@dataclass
class NewOrder:
    """What a customer sends."""

    lines: List[Line]
    note: str = ""


@dataclass
class Order:
    """An order that was taken."""

    number: int
    customer: str
    lines: List[Line]
    total: Decimal


@dataclass
class Payment:
    """What the bank sends."""

    number: int
    amount: Decimal


class UnknownOrderError(LookupError):
    """There is no order of this number."""


class Shop:
    """Prices, and the orders so far. A real one would ask a database."""

    prices = {"pen": Decimal("1.50"), "paper": Decimal("4.25")}

    def __init__(self) -> None:
        self.orders: Dict[int, Order] = {}
        self.paid: Dict[int, Decimal] = {}
        self._numbers = count(1)

    def take(self, customer: str, new: NewOrder) -> Order:
        total = sum((self.prices[line.article] * line.pieces for line in new.lines), Decimal(0))
        order = Order(next(self._numbers), customer, new.lines, total)
        self.orders[order.number] = order
        return order

    def find(self, number: int) -> Order:
        if number not in self.orders:
            raise UnknownOrderError(f"There is no order {number}.")
        return self.orders[number]
