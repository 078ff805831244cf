"""What the application sends, as examples that picklecheck checks."""

from shop.models import Order, Page

OrderPage = Page[Order]


def order():
    """Return an order."""
    return Order(number=1)


def order_page():
    """Return a page of orders."""
    return OrderPage(items=[order()])
