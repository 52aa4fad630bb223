"""Tests of the package `cleaner`."""
