"""Engines that turn a black-on-white picture into words, behind one port."""
