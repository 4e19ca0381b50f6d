"""The review desk: what people may do with a document, in one service for every face of it."""

from ingest.review.desk import AsksAgain, Clerk, Desk, Item, Judge, Objections, QueueFilter

__all__ = ["AsksAgain", "Clerk", "Desk", "Item", "Judge", "Objections", "QueueFilter"]
