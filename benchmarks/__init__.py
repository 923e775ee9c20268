"""Measurements, side by side in one run; never tests, for no machine is like another."""
