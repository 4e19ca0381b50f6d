"""The review desk: what people may do with a document, in one service for every face of it."""

from ingest.ledger import QueueFilter
from ingest.review.desk import AsksAgain, Desk, Judge, Objections, Turned, Turner
from ingest.review.moving import MovingDesk, Refiled
from ingest.review.queue_desk import Item
from ingest.review.rights import RIGHTS, Clerk, Right
from ingest.review.second_look import BlindLook, SecondLook

__all__ = [
    "RIGHTS",
    "AsksAgain",
    "BlindLook",
    "Clerk",
    "Desk",
    "Item",
    "Judge",
    "MovingDesk",
    "Objections",
    "QueueFilter",
    "Refiled",
    "Right",
    "SecondLook",
    "Turned",
    "Turner",
]
