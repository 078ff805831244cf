"""The folder that every child runs from: real files, written for the cells that a plan asks for."""

from picklecheck.harness.staging.folder import StagingFolder

__all__ = ["StagingFolder"]
