"""From a document's bytes to a published snapshot: one module a step, plain data between the steps.

file → document → text → outline → facts → graph → validate → snapshot
"""

__version__ = "0.1.0"
