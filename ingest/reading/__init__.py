"""Reading: from a scan's bytes to words with boxes, barcodes and the transform back to the page as scanned.

Everything here runs in disposable worker processes; `tasks` holds what a pool calls.
"""
