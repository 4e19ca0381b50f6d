"""Draws synthetic hospital paper with known truth: people, pages, damage, containers. Seeded throughout."""
