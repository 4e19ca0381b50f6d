"""The review desk in a browser: pages over the same service that the terminal uses."""
